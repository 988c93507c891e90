namespace Harmony.Api.Configuration;

/// <summary>A name of the origin systems that no longer does anything. Set, it is ignored with one warning.</summary>
/// <param name="Name">The variable; a trailing <c>*</c> stands for every name that begins so.</param>
public sealed record RetiredKey(string Name, string Instead)
{
    public bool Covers(string name) =>
        Name.EndsWith('*')
            ? name.StartsWith(Name[..^1], StringComparison.Ordinal)
            : string.Equals(name, Name, StringComparison.Ordinal);
}
