namespace Harmony.Sandbox.Audio;

/// <summary>Bits, most significant first.</summary>
internal sealed class BitWriter(int capacity)
{
    private readonly byte[] _bytes = new byte[capacity];
    private ulong _bits;
    private int _held;

    public int Length { get; private set; }

    public void Put(uint value, int width)
    {
        _bits = (_bits << width) | (value & (uint)((1UL << width) - 1));
        _held += width;
        while (_held >= 8)
        {
            _held -= 8;
            _bytes[Length++] = (byte)(_bits >> _held);
        }
    }

    public void Align()
    {
        if (_held > 0)
            Put(0, 8 - _held);
    }

    public void Put(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_bytes.AsSpan(Length));
        Length += bytes.Length;
    }

    public ReadOnlySpan<byte> Since(int start) => _bytes.AsSpan(start, Length - start);

    public byte[] ToArray() => Length == _bytes.Length ? _bytes : _bytes[..Length];
}
