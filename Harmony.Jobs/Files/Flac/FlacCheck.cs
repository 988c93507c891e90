using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Harmony.Jobs.Files.Flac;

/// <summary>Fault is null when every frame is intact and decodes to the values of the stream info.</summary>
internal sealed record FlacFinding(string? Fault, TimeSpan Duration);

/// <summary>
/// Decodes a whole FLAC file and compares it with its own checksums, sample count and MD5. This proves that a download
/// arrived as it was encoded; no library for it is available to us, and the format is small and frozen (RFC 9639).
/// </summary>
internal sealed class FlacCheck : IDisposable
{
    // A whole frame must fit into the window; 65,535 samples of eight verbatim 32-bit channels take 2.2 MB.
    private const int WindowBytes = 4 * 1024 * 1024;
    private const int Ahead = 5 * WindowBytes / 8;

    private readonly Stream _file;
    private readonly FlacStreamInfo _info;
    private readonly byte[] _window = ArrayPool<byte>.Shared.Rent(WindowBytes);
    private readonly IncrementalHash _md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
    private readonly long[][] _channels;
    private byte[] _pcm = [];
    private int _from;
    private int _to;
    private bool _atEnd;
    private long _frames;
    private long _samples;

    private FlacCheck(Stream file, FlacStreamInfo info)
    {
        (_file, _info) = (file, info);
        _channels = [.. Enumerable.Range(0, info.Channels).Select(_ => new long[info.MaxBlock])];
    }

    public static FlacFinding Run(Stream file)
    {
        var samples = 0L;
        FlacStreamInfo? info = null;
        try
        {
            info = FlacStreamInfo.Read(file);
            using var check = new FlacCheck(file, info);
            try
            {
                check.ReadAll();
            }
            finally
            {
                samples = check._samples;
            }

            return new FlacFinding(null, Length(samples, info));
        }
        catch (FlacFault fault)
        {
            return new FlacFinding(fault.Message, Length(samples, info));
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_window);
        _md5.Dispose();
    }

    private static TimeSpan Length(long samples, FlacStreamInfo? info) =>
        info is null ? TimeSpan.Zero : TimeSpan.FromSeconds((double)samples / info.SampleRate);

    private void ReadAll()
    {
        // After the last promised sample any bytes may follow: old taggers put their tag there.
        while (Available() && (_info.TotalSamples == 0 || _samples < _info.TotalSamples))
        {
            _from += ReadFrame(_window.AsSpan(_from, _to - _from));
            _frames++;
        }

        if (_samples == 0)
            throw new FlacFault("it holds no sound");

        if (_info.TotalSamples != 0 && _samples != _info.TotalSamples)
            throw new FlacFault($"it holds {_samples} samples of the {_info.TotalSamples} it promises");

        if (_info.HasMd5 && !_md5.GetHashAndReset().AsSpan().SequenceEqual(_info.Md5))
            throw new FlacFault("its sound does not have the MD5 it promises");
    }

    private bool Available()
    {
        if (!_atEnd && _to - _from < Ahead)
        {
            _window.AsSpan(_from, _to - _from).CopyTo(_window);
            (_from, _to) = (0, _to - _from);
            _to += _file.ReadAtLeast(_window.AsSpan(_to, WindowBytes - _to), WindowBytes - _to, throwOnEndOfStream: false);
            _atEnd = _to < WindowBytes;
        }

        return _to > _from;
    }

    private int ReadFrame(ReadOnlySpan<byte> bytes)
    {
        var header = FlacFrameHeader.Read(bytes, _info);
        if (header.BlockSize > _info.MaxBlock)
            throw new FlacFault("a frame is longer than the file allows");

        if (header.Position != (header.VariableBlocks ? _samples : _frames))
            throw new FlacFault($"frame {_frames} is missing or out of order");

        var bits = new FlacBits(bytes[header.Bytes..]);
        for (var channel = 0; channel < header.Channels; channel++)
            FlacSubframe.Read(ref bits, header.BitsPerSample + (IsSide(header.ChannelMode, channel) ? 1 : 0), _channels[channel].AsSpan(0, header.BlockSize));

        bits.SkipToByte();
        var length = header.Bytes + bits.Position;
        if (bits.Read(16) != FlacCrc.Crc16(bytes[..length]))
            throw new FlacFault($"the checksum of frame {_frames} is wrong");

        Unmix(header);
        Digest(header.BlockSize);
        _samples += header.BlockSize;
        return length + 2;
    }

    private static bool IsSide(int mode, int channel) => (mode, channel) is
        (FlacFrameHeader.LeftSide, 1) or (FlacFrameHeader.SideRight, 0) or (FlacFrameHeader.MidSide, 1);

    private void Unmix(FlacFrameHeader header)
    {
        if (header.ChannelMode < FlacFrameHeader.LeftSide)
            return;

        var (first, second) = (_channels[0], _channels[1]);
        for (var at = 0; at < header.BlockSize; at++)
        {
            var (one, other) = (first[at], second[at]);
            (first[at], second[at]) = header.ChannelMode switch
            {
                FlacFrameHeader.LeftSide => (one, one - other),
                FlacFrameHeader.SideRight => (one + other, other),
                // The middle lost its last bit when it was halved; the side still has it.
                _ => ((((one << 1) | (other & 1)) + other) >> 1, (((one << 1) | (other & 1)) - other) >> 1),
            };
        }
    }

    // The MD5 is over the samples in the layout of a WAV: interleaved, little-endian, whole bytes.
    private void Digest(int count)
    {
        var width = (_info.BitsPerSample + 7) / 8;
        var size = count * width * _channels.Length;
        if (_pcm.Length < size + sizeof(int))
            _pcm = new byte[size + sizeof(int)];

        var at = 0;
        for (var sample = 0; sample < count; sample++)
        {
            foreach (var channel in _channels)
            {
                BinaryPrimitives.WriteInt32LittleEndian(_pcm.AsSpan(at), (int)channel[sample]);
                at += width;
            }
        }

        _md5.AppendData(_pcm, 0, size);
    }
}
