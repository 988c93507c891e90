namespace Harmony.Jobs.Files.Flac;

/// <summary>Decodes one channel of one frame: constant, verbatim, fixed or linear prediction with a Rice-coded remainder.</summary>
internal static class FlacSubframe
{
    private const int MaxFixedOrder = 4;

    public static void Read(ref FlacBits bits, int depth, Span<long> samples)
    {
        if (bits.Read(1) != 0)
            throw new FlacFault("a subframe does not begin as one");

        var type = (int)bits.Read(6);
        var wasted = bits.Read(1) == 1 ? bits.ReadUnary() + 1 : 0;
        depth -= wasted;
        if (depth <= 0)
            throw new FlacFault("a subframe wastes all of its bits");

        switch (type)
        {
            case 0:
                samples.Fill(bits.ReadSigned(depth));
                break;
            case 1:
                ReadPlain(ref bits, depth, samples);
                break;
            case >= 8 and <= 8 + MaxFixedOrder:
                ReadFixed(ref bits, depth, type - 8, samples);
                break;
            case >= 32:
                ReadPredicted(ref bits, depth, type - 31, samples);
                break;
            default:
                throw new FlacFault("a subframe is of a reserved kind");
        }

        if (wasted > 0)
        {
            foreach (ref var sample in samples)
                sample <<= wasted;
        }
    }

    private static void ReadPlain(ref FlacBits bits, int depth, scoped Span<long> samples)
    {
        foreach (ref var sample in samples)
            sample = bits.ReadSigned(depth);
    }

    private static void ReadFixed(ref FlacBits bits, int depth, int order, Span<long> samples)
    {
        ReadPlain(ref bits, depth, WarmUp(samples, order));
        ReadResidual(ref bits, order, samples);
        for (var at = order; at < samples.Length; at++)
        {
            samples[at] += order switch
            {
                0 => 0,
                1 => samples[at - 1],
                2 => (2 * samples[at - 1]) - samples[at - 2],
                3 => (3 * (samples[at - 1] - samples[at - 2])) + samples[at - 3],
                _ => (4 * (samples[at - 1] + samples[at - 3])) - (6 * samples[at - 2]) - samples[at - 4],
            };
        }
    }

    private static void ReadPredicted(ref FlacBits bits, int depth, int order, Span<long> samples)
    {
        ReadPlain(ref bits, depth, WarmUp(samples, order));
        var precision = (int)bits.Read(4) + 1;
        var shift = (int)bits.ReadSigned(5);
        if (precision == 16 || shift < 0)
            throw new FlacFault("a predictor is not allowed");

        Span<long> factors = stackalloc long[order];
        ReadPlain(ref bits, precision, factors);
        ReadResidual(ref bits, order, samples);
        for (var at = order; at < samples.Length; at++)
        {
            long sum = 0;
            for (var back = 0; back < order; back++)
                sum += factors[back] * samples[at - 1 - back];

            samples[at] += sum >> shift;
        }
    }

    private static Span<long> WarmUp(Span<long> samples, int order) =>
        order <= samples.Length ? samples[..order] : throw new FlacFault("a predictor is longer than its block");

    private static void ReadResidual(ref FlacBits bits, int order, Span<long> samples)
    {
        var method = bits.Read(2);
        if (method > 1)
            throw new FlacFault("a remainder is coded in a reserved way");

        var (parameterBits, escape) = method == 0 ? (4, 15) : (5, 31);
        var partitions = 1 << (int)bits.Read(4);
        var length = samples.Length / partitions;
        if (length * partitions != samples.Length || length < order)
            throw new FlacFault("a remainder does not divide its block");

        var at = order;
        for (var partition = 0; partition < partitions; partition++)
        {
            var rest = samples[at..((partition + 1) * length)];
            at += rest.Length;
            var parameter = (int)bits.Read(parameterBits);
            if (parameter == escape)
                ReadEscaped(ref bits, rest);
            else
                ReadRice(ref bits, parameter, rest);
        }
    }

    private static void ReadEscaped(ref FlacBits bits, Span<long> rest)
    {
        var width = (int)bits.Read(5);
        if (width == 0)
        {
            rest.Clear();
            return;
        }

        ReadPlain(ref bits, width, rest);
    }

    private static void ReadRice(ref FlacBits bits, int parameter, Span<long> rest)
    {
        foreach (ref var value in rest)
        {
            var folded = ((ulong)(uint)bits.ReadUnary() << parameter) | bits.Read(parameter);
            value = (long)(folded >> 1) ^ -(long)(folded & 1);
        }
    }
}
