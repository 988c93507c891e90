namespace Harmony.Api.Configuration;

/// <summary>A name of the origin systems that does nothing here. Set, it is ignored with a warning.</summary>
/// <param name="Name">The variable; a trailing <c>*</c> stands for every name that begins so, save those that are keys.</param>
internal sealed record RetiredKey(string Name, string Instead)
{
    /// <summary>What it was for is meant to come; until then it has no effect.</summary>
    public bool Foreseen { get; init; }

    public bool Covers(string name) =>
        Name.EndsWith('*')
            ? name.StartsWith(Name[..^1], StringComparison.Ordinal) && !EnvTable.IsKey(name)
            : string.Equals(name, Name, StringComparison.Ordinal);

    /// <summary>One sentence for all of its names that are set.</summary>
    public string Warning(IReadOnlyList<string> names) =>
        $"{string.Join(", ", names)} {(names.Count > 1 ? "have" : "has")} no effect{(Foreseen ? " (yet)" : " here")}. {Instead}";
}
