using Harmony.Jobs.Providers.Artwork;
using Harmony.Tests.Files;

namespace Harmony.Tests.Pure;

[TestClass]
public sealed class ImageHeaderTests
{
    [TestMethod]
    [DataRow("cover.jpg", "image/jpeg")]
    [DataRow("cover.png", "image/png")]
    [DataRow("cover.webp", "image/webp")]
    public void Real_images_have_their_size_read(string fixture, string mime) =>
        Assert.AreEqual(new ImageHeader(mime, 48, 32), ImageHeader.Read(Fixture.Bytes(fixture)));

    [TestMethod]
    [DataRow("cover.jpg")]
    [DataRow("cover.png")]
    [DataRow("cover.webp")]
    public void A_truncated_header_throws_no_exception(string fixture)
    {
        var bytes = Fixture.Bytes(fixture);
        for (var length = 0; length < 30; length++)
        {
            Assert.IsNull(ImageHeader.Read(bytes.AsSpan(0, Math.Min(length, 20))));
            _ = ImageHeader.Read(bytes.AsSpan(0, length));
        }
    }

    [TestMethod]
    [DataRow("<svg xmlns='http://www.w3.org/2000/svg'/>")]
    [DataRow("GIF89a........................")]
    [DataRow("%PDF-1.7 ......................")]
    [DataRow("<html><body>not here</body></html>")]
    public void Other_content_is_no_image(string content) => Assert.IsNull(ImageHeader.Read(System.Text.Encoding.ASCII.GetBytes(content)));
}
