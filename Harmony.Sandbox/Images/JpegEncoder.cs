namespace Harmony.Sandbox.Images;

/// <summary>Baseline JPEG, three components at full resolution, one quantisation and one pair of Huffman tables.</summary>
internal sealed class JpegEncoder
{
    private static readonly float[] Cosines = MakeCosines();
    private static readonly (int Code, int Length)[] Dc = MakeCodes(JpegTables.DcCounts, JpegTables.DcValues);
    private static readonly (int Code, int Length)[] Ac = MakeCodes(JpegTables.AcCounts, JpegTables.AcValues);
    private static readonly byte[] Quant = [.. JpegTables.Luminance.Select(step => (byte)Math.Max(1, step / 4))];

    private readonly MemoryStream _file = new();
    private readonly byte[] _rgb;
    private readonly int _size;
    private readonly int[] _lastDc = new int[3];
    private ulong _bits;
    private int _held;

    private JpegEncoder(byte[] rgb, int size) => (_rgb, _size) = (rgb, size);

    public static byte[] Encode(byte[] rgb, int size)
    {
        var encoder = new JpegEncoder(rgb, size);
        encoder.WriteHeaders();
        encoder.WriteBlocks();
        return encoder._file.ToArray();
    }

    private void WriteHeaders()
    {
        _file.Write([0xFF, 0xD8]);
        Segment(0xE0, [(byte)'J', (byte)'F', (byte)'I', (byte)'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0]);
        Segment(0xDB, [0, .. JpegTables.ZigZag.Select(at => Quant[at])]);
        var (high, low) = ((byte)(_size >> 8), (byte)_size);
        Segment(0xC0, [8, high, low, high, low, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0]);
        Segment(0xC4, [0x00, .. JpegTables.DcCounts, .. JpegTables.DcValues]);
        Segment(0xC4, [0x10, .. JpegTables.AcCounts, .. JpegTables.AcValues]);
        Segment(0xDA, [3, 1, 0, 2, 0, 3, 0, 0, 63, 0]);
    }

    private void Segment(byte marker, byte[] body)
    {
        _file.Write([0xFF, marker, (byte)((body.Length + 2) >> 8), (byte)(body.Length + 2)]);
        _file.Write(body);
    }

    private void WriteBlocks()
    {
        var block = new float[64];
        for (var y = 0; y < _size; y += 8)
        {
            for (var x = 0; x < _size; x += 8)
            {
                for (var component = 0; component < 3; component++)
                {
                    Load(block, x, y, component);
                    Transform(block);
                    WriteBlock(block, component);
                }
            }
        }
        if (_held > 0)
            Put((1 << (8 - _held)) - 1, 8 - _held);
        _file.Write([0xFF, 0xD9]);
    }

    // Past the edge the last pixel is repeated.
    private void Load(float[] block, int x0, int y0, int component)
    {
        for (var i = 0; i < 64; i++)
        {
            var at = ((Math.Min(y0 + (i / 8), _size - 1) * _size) + Math.Min(x0 + (i % 8), _size - 1)) * 3;
            float r = _rgb[at], g = _rgb[at + 1], b = _rgb[at + 2];
            block[i] = component switch
            {
                0 => (0.299f * r) + (0.587f * g) + (0.114f * b) - 128,
                1 => (-0.168736f * r) - (0.331264f * g) + (0.5f * b),
                _ => (0.5f * r) - (0.418688f * g) - (0.081312f * b),
            };
        }
    }

    private static void Transform(float[] block)
    {
        Span<float> half = stackalloc float[64];
        for (var row = 0; row < 8; row++)
        {
            for (var u = 0; u < 8; u++)
            {
                var sum = 0f;
                for (var x = 0; x < 8; x++)
                    sum += block[(row * 8) + x] * Cosines[(u * 8) + x];
                half[(row * 8) + u] = sum;
            }
        }
        for (var column = 0; column < 8; column++)
        {
            for (var v = 0; v < 8; v++)
            {
                var sum = 0f;
                for (var y = 0; y < 8; y++)
                    sum += half[(y * 8) + column] * Cosines[(v * 8) + y];
                block[(v * 8) + column] = sum;
            }
        }
    }

    private void WriteBlock(float[] block, int component)
    {
        var dc = Quantised(block, 0);
        PutValue(Dc, 0, dc - _lastDc[component]);
        _lastDc[component] = dc;
        var zeros = 0;
        for (var i = 1; i < 64; i++)
        {
            var value = Quantised(block, JpegTables.ZigZag[i]);
            if (value == 0)
            {
                zeros++;
                continue;
            }
            for (; zeros > 15; zeros -= 16)
                Put(Ac[0xF0].Code, Ac[0xF0].Length);
            PutValue(Ac, zeros << 4, value);
            zeros = 0;
        }
        if (zeros > 0)
            Put(Ac[0].Code, Ac[0].Length);
    }

    private static int Quantised(float[] block, int at) => (int)MathF.Round(block[at] / Quant[at]);

    private void PutValue((int Code, int Length)[] codes, int run, int value)
    {
        var length = 0;
        for (var rest = Math.Abs(value); rest > 0; rest >>= 1)
            length++;
        var (code, codeLength) = codes[run | length];
        Put(code, codeLength);
        Put(value < 0 ? value + (1 << length) - 1 : value, length);
    }

    private void Put(int value, int length)
    {
        _bits = (_bits << length) | (uint)value;
        _held += length;
        for (; _held >= 8; _held -= 8)
        {
            var octet = (byte)(_bits >> (_held - 8));
            _file.WriteByte(octet);
            if (octet == 0xFF)
                _file.WriteByte(0);
        }
    }

    private static float[] MakeCosines()
    {
        var table = new float[64];
        for (var u = 0; u < 8; u++)
        {
            for (var x = 0; x < 8; x++)
                table[(u * 8) + x] = (float)(Math.Cos(((2 * x) + 1) * u * Math.PI / 16) * (u == 0 ? Math.Sqrt(0.125) : 0.5));
        }
        return table;
    }

    private static (int Code, int Length)[] MakeCodes(byte[] counts, byte[] values)
    {
        var codes = new (int, int)[256];
        var (code, at) = (0, 0);
        for (var length = 1; length <= 16; length++, code <<= 1)
        {
            for (var n = 0; n < counts[length - 1]; n++)
                codes[values[at++]] = (code++, length);
        }
        return codes;
    }
}
