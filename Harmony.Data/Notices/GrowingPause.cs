namespace Harmony.Data.Notices;

/// <summary>The pause before the next try: it doubles with each failure, up to a limit.</summary>
public sealed class GrowingPause(TimeSpan first, TimeSpan longest)
{
    private TimeSpan _last;

    public TimeSpan Next()
    {
        _last = _last == TimeSpan.Zero ? first : _last * 2;
        if (_last > longest)
            _last = longest;
        return _last;
    }

    public void Reset() => _last = TimeSpan.Zero;
}
