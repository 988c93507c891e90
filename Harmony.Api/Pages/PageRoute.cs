using Microsoft.AspNetCore.Routing.Template;

namespace Harmony.Api.Pages;

/// <summary>One page: its route, its component and its read method.</summary>
public sealed class PageRoute
{
    private readonly TemplateMatcher _matcher;

    private PageRoute(string route, Type component, Func<PageRequest, CancellationToken, Task<object?>> read)
    {
        Route = route;
        Component = component;
        ReadAsync = read;
        _matcher = new TemplateMatcher(TemplateParser.Parse(route), []);
    }

    public string Route { get; }

    public Type Component { get; }

    public Func<PageRequest, CancellationToken, Task<object?>> ReadAsync { get; }

    public static PageRoute Of<TPage, TModel>()
        where TPage : Page<TModel>, IPage<TModel>
        where TModel : class =>
        new(TPage.Route, typeof(TPage), async (request, cancellationToken) => await TPage.ReadAsync(request, cancellationToken));

    public PageAddress? Match(string path, string query)
    {
        var values = new RouteValueDictionary();
        return _matcher.TryMatch(path, values) ? new PageAddress(this, values, query) : null;
    }
}
