namespace Harmony.Sandbox.Audio;

internal enum AudioEncoding
{
    Flac,
    Mp3High,
    Mp3Low,
    Ogg,
    M4a,
}
