using System.Text;

namespace Harmony.Sandbox.Catalog;

/// <summary>RandomSource that depends on a seed and a key only, so every entity is the same whoever asks first.</summary>
internal sealed class Dice
{
    private ulong _state;

    public Dice(int seed, string key)
    {
        _state = 14695981039346656037UL ^ (ulong)(uint)seed;
        foreach (var octet in Encoding.UTF8.GetBytes(key))
            _state = (_state ^ octet) * 1099511628211UL;
    }

    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15UL;
        var mixed = _state;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9UL;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBUL;
        return mixed ^ (mixed >> 31);
    }

    public int Below(int limit) => (int)(Next() % (ulong)limit);

    public int Between(int low, int high) => low + Below(high - low + 1);

    public double Share() => (Next() >> 11) / (double)(1UL << 53);

    public T Pick<T>(IReadOnlyList<T> list) => list[Below(list.Count)];

    public string Text(int length, string alphabet)
        => string.Create(length, (Dice: this, alphabet), static (span, made) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = made.alphabet[made.Dice.Below(made.alphabet.Length)];
        });

    public string Base62(int length = 22)
        => Text(length, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    public string Hex(int length) => Text(length, "0123456789abcdef");
}
