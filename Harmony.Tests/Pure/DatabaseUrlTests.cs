using Harmony.Api.Configuration;
using Npgsql;

namespace Harmony.Tests.Pure;

[TestClass]
public sealed class DatabaseUrlTests
{
    [TestMethod]
    [DataRow("postgres://ann:s3cret@db.example:6432/music")]
    [DataRow("postgresql://ann:s3cret@db.example:6432/music")]
    [DataRow("postgresql+psycopg://ann:s3cret@db.example:6432/music")]
    [DataRow("postgresql+asyncpg://ann:s3cret@db.example:6432/music")]
    [DataRow("Host=db.example;Port=6432;Database=music;Username=ann;Password=s3cret")]
    public void Equivalent_address_formats_are_equal(string text)
    {
        Assert.IsTrue(DatabaseUrl.TryRead(text, out var connection));
        Assert.AreEqual("db.example", connection.Host);
        Assert.AreEqual(6432, connection.Port);
        Assert.AreEqual("music", connection.Database);
        Assert.AreEqual("ann", connection.Username);
        Assert.AreEqual("s3cret", connection.Password);
    }

    [TestMethod]
    public void Escapes_are_decoded_and_password_signs_are_kept()
    {
        Assert.IsTrue(DatabaseUrl.TryRead("postgres://a%40b:p%3A%2F%3F@w@[::1]:5/d%20b?sslmode=require&application_name=x", out var connection));
        Assert.AreEqual("a@b", connection.Username);
        Assert.AreEqual("p:/?@w", connection.Password);
        Assert.AreEqual("::1", connection.Host);
        Assert.AreEqual("d b", connection.Database);
        Assert.AreEqual(SslMode.Require, connection.SslMode);
        Assert.AreEqual("x", connection.ApplicationName);
    }

    [TestMethod]
    public void A_socket_directory_can_be_named()
    {
        Assert.IsTrue(DatabaseUrl.TryRead("postgresql:///music?host=/run/postgresql", out var connection));
        Assert.AreEqual("/run/postgresql", connection.Host);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("localhost")]
    [DataRow("mysql://localhost/x")]
    [DataRow("postgres://localhost")]
    [DataRow("postgres://localhost:port/x")]
    [DataRow("postgres://localhost/x?sslmode=perhaps")]
    [DataRow("postgres://localhost/x?no_such_option=1")]
    [DataRow("Host=localhost")]
    [DataRow("Host=localhost;Database=x;Nonsense=1")]
    public void An_invalid_database_address_is_refused(string text) =>
        Assert.IsFalse(DatabaseUrl.TryRead(text, out _));
}
