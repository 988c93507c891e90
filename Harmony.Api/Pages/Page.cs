using Harmony.Api.Pages.Shell;
using Microsoft.AspNetCore.Components;

namespace Harmony.Api.Pages;

/// <summary>A page renders its model; it reads nothing itself.</summary>
public abstract class Page<TModel> : ComponentBase
{
    [Parameter]
    [EditorRequired]
    public TModel Model { get; set; } = default!;

    [Parameter]
    [EditorRequired]
    public Frame Frame { get; set; } = null!;
}

/// <summary>The route of a page and its read method: the same for a visit and for each live tick.</summary>
public interface IPage<TModel>
{
    static abstract string Route { get; }

    /// <summary>Null means that there is no page at this address.</summary>
    static abstract Task<TModel?> ReadAsync(PageRequest request, CancellationToken cancellationToken);
}
