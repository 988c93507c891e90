namespace Harmony.Api.Configuration;

/// <summary>A name of the origin systems without an effect here. If it is set, it is ignored with a warning.</summary>
/// <param name="Name">The variable; a trailing <c>*</c> stands for every name with this prefix, except keys in use.</param>
internal sealed record RetiredKey(string Name, string Instead)
{
    /// <summary>Its feature is planned; until then it has no effect.</summary>
    public bool Foreseen { get; init; }

    public bool Covers(string name) =>
        Name.EndsWith('*')
            ? name.StartsWith(Name[..^1], StringComparison.Ordinal) && !EnvTable.IsKey(name)
            : string.Equals(name, Name, StringComparison.Ordinal);

    /// <summary>One sentence for all its names that are set.</summary>
    public string Warning(IReadOnlyList<string> names) =>
        $"{string.Join(", ", names)} {(names.Count > 1 ? "have" : "has")} no effect{(Foreseen ? " (yet)" : " here")}. {Instead}";
}
