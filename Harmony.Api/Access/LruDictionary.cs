using System.Diagnostics.CodeAnalysis;

namespace Harmony.Api.Access;

/// <summary>Holds a bounded number of keys; the key that was written longest ago is removed first. Callers must lock it.</summary>
internal sealed class LruDictionary<TKey, TValue>(int most)
    where TKey : notnull
{
    private readonly Dictionary<TKey, LinkedListNode<(TKey Key, TValue Value)>> _places = [];
    private readonly LinkedList<(TKey Key, TValue Value)> _order = [];

    public int Count => _places.Count;

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        var known = _places.TryGetValue(key, out var place);
        value = known ? place!.Value.Value : default;
        return known;
    }

    public void Set(TKey key, TValue value)
    {
        Remove(key);
        _places[key] = _order.AddLast((key, value));
        if (_places.Count > most)
            Remove(_order.First!.Value.Key);
    }

    public void Remove(TKey key)
    {
        if (_places.Remove(key, out var place))
            _order.Remove(place);
    }
}
