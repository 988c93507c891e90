namespace Harmony.Api.Configuration;

/// <summary>One environment variable Harmony reads: the row that options, <c>.env.example</c>, the docs and the errors are made of.</summary>
internal abstract record EnvKey(string Name, string About)
{
    /// <summary>Older names that still work; the first that is set counts.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Never shown, never logged, and may come from the file named by <c>NAME_FILE</c>.</summary>
    public bool Secret { get; init; }

    /// <summary>The value, and what the file named by <c>NAME_FILE</c> holds, add up.</summary>
    public bool Combines { get; init; }

    /// <summary>Configuration paths of the options it sets: section (the options class without "Options") and property.</summary>
    public IReadOnlyList<string> Sets { get; init; } = [];

    public abstract string Form { get; }

    public abstract string? DefaultText { get; }

    internal abstract object? DefaultValue { get; }

    public IEnumerable<string> Names => [Name, .. Aliases];

    internal abstract bool TryRead(string text, out object? value);

    /// <summary>What the options it sets are given; null leaves them as they are.</summary>
    internal abstract object? OptionOf(object? value);
}

/// <summary>A key whose value is a <typeparamref name="T"/>.</summary>
internal sealed record EnvKey<T>(string Name, EnvForm<T> Reads, T Default, string About) : EnvKey(Name, About)
{
    /// <summary>Where the options want something other than the value itself.</summary>
    public Func<T, object?>? As { get; init; }

    public override string Form => Reads.Says;

    public override string? DefaultText => Default is null ? null : Reads.Write(Default);

    internal override object? DefaultValue => Default;

    internal override bool TryRead(string text, out object? value)
    {
        var ok = Reads.TryRead(text, out var typed);
        value = typed;
        return ok;
    }

    internal override object? OptionOf(object? value) => As is null ? value : As((T)value!);
}
