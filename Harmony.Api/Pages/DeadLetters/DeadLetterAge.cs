namespace Harmony.Api.Pages.DeadLetters;

/// <summary>The age of a dead letter, as the filter offers it.</summary>
public sealed record DeadLetterAge(string Name, string Words, TimeSpan Length)
{
    public static readonly IReadOnlyList<DeadLetterAge> All =
    [
        new("hour", "more than an hour ago", TimeSpan.FromHours(1)),
        new("day", "more than a day ago", TimeSpan.FromDays(1)),
        new("week", "more than a week ago", TimeSpan.FromDays(7)),
        new("month", "more than 30 days ago", TimeSpan.FromDays(30)),
    ];

    public static DeadLetterAge? Of(string? name) => All.FirstOrDefault(a => a.Name == name);
}
