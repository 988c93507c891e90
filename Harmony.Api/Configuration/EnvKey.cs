namespace Harmony.Api.Configuration;

/// <summary>One environment variable of Harmony: the source of options, <c>.env.example</c>, the docs and the errors.</summary>
internal abstract record EnvKey(string Name, string About)
{
    /// <summary>Older names that still work; the first one that is set is used.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Never shown or logged; may be read from the file named by <c>NAME_FILE</c>.</summary>
    public bool Secret { get; init; }

    /// <summary>The value and the content of the file named by <c>NAME_FILE</c> are joined.</summary>
    public bool Combines { get; init; }

    /// <summary>Configuration paths of the options it sets: section (the options class without "Options") and property.</summary>
    public IReadOnlyList<string> Sets { get; init; } = [];

    public abstract string Form { get; }

    public abstract string? DefaultText { get; }

    internal abstract object? DefaultValue { get; }

    public IEnumerable<string> Names => [Name, .. Aliases];

    internal abstract bool TryRead(string text, out object? value);

    /// <summary>The value for the options it sets; null leaves them unchanged.</summary>
    internal abstract object? OptionOf(object? value);
}

/// <summary>A key whose value is a <typeparamref name="T"/>.</summary>
internal sealed record EnvKey<T>(string Name, EnvForm<T> Reads, T Default, string About) : EnvKey(Name, About)
{
    /// <summary>For options that need another form than the value itself.</summary>
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
