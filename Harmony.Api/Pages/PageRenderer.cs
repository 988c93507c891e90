using Harmony.Api.Pages.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Harmony.Api.Pages;

/// <summary>Renders a page to text outside of a request, for its live parts.</summary>
internal sealed class PageRenderer(IServiceScopeFactory scopes, ILoggerFactory logs)
{
    public async Task<string?> RenderAsync(PageAddress address, Frame frame, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var model = await address.Route.ReadAsync(new PageRequest(address, frame, scope.ServiceProvider), cancellationToken);
        if (model is null)
            return null;

        var parameters = ParameterView.FromDictionary(Parameters(model, frame));
        await using var renderer = new HtmlRenderer(scope.ServiceProvider, logs);
        return await renderer.Dispatcher.InvokeAsync(
            async () => (await renderer.RenderComponentAsync(address.Route.Component, parameters)).ToHtmlString());
    }

    public static Dictionary<string, object?> Parameters(object model, Frame frame) => new(StringComparer.Ordinal)
    {
        ["Model"] = model,
        ["Frame"] = frame,
    };
}
