using System.Buffers.Binary;
using System.Numerics;

namespace Harmony.Jobs.Files.Flac;

/// <summary>Reads bits, most significant first, from the bytes of one frame. Too few bits mean that the file is cut.</summary>
internal ref struct FlacBits(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private ulong _cache; // the unread bits, left-aligned
    private int _held;
    private int _next;

    /// <summary>The number of whole bytes read; exact only at a byte boundary.</summary>
    public readonly int Position => _next - (_held / 8);

    public uint Read(int count)
    {
        if (count == 0)
            return 0;

        Fill(count);
        var value = (uint)(_cache >> (64 - count));
        Drop(count);
        return value;
    }

    /// <summary>Two's complement, up to 33 bits: the side channel of 32-bit audio needs one more.</summary>
    public long ReadSigned(int count)
    {
        Fill(count);
        var value = (long)_cache >> (64 - count);
        Drop(count);
        return value;
    }

    /// <summary>The number of zeros up to the next one bit; the one bit is consumed.</summary>
    public int ReadUnary()
    {
        var zeros = 0;
        while (true)
        {
            Fill(1);
            var run = _cache == 0 ? _held : Math.Min(BitOperations.LeadingZeroCount(_cache), _held);
            zeros += run;
            if (run < _held)
            {
                Drop(run + 1);
                return zeros;
            }

            Drop(run);
        }
    }

    public void SkipToByte()
    {
        if (Read(_held % 8) != 0)
            throw new FlacFault("the padding at the end of a frame is not zero");
    }

    private void Fill(int count)
    {
        while (_held < count)
        {
            if (_held == 0 && _next + 8 <= _bytes.Length)
            {
                _cache = BinaryPrimitives.ReadUInt64BigEndian(_bytes[_next..]);
                (_held, _next) = (64, _next + 8);
                return;
            }

            if (_next >= _bytes.Length)
                throw new FlacFault("the file ends in the middle of a frame");

            _cache |= (ulong)_bytes[_next++] << (56 - _held);
            _held += 8;
        }
    }

    private void Drop(int count)
    {
        // A shift by 64 would shift by zero.
        _cache = count == 64 ? 0 : _cache << count;
        _held -= count;
    }
}
