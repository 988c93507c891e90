namespace Harmony.Api.Pages;

/// <summary>An address that leads to a page.</summary>
public sealed record PageAddress(PageRoute Route, RouteValueDictionary Values, string Query);
