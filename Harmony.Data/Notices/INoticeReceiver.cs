namespace Harmony.Data.Notices;

/// <summary>What a <see cref="NoticeListener"/> reports.</summary>
public interface INoticeReceiver
{
    /// <summary>The connection works, and every notice that came before was reported. First called when listening has begun; earlier notices are lost.</summary>
    void Alive();

    void Received(string channel, string payload);

    /// <summary>The connection is lost: notices are missed until <see cref="Alive"/> is called again.</summary>
    void Lost(Exception error);
}
