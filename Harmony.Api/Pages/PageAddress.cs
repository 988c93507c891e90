namespace Harmony.Api.Pages;

/// <summary>The address of a page.</summary>
public sealed record PageAddress(PageRoute Route, RouteValueDictionary Values, string Query);
