using Harmony.Api.Pages.Shell;
using Microsoft.AspNetCore.Components;

namespace Harmony.Api.Pages;

/// <summary>A page shows what was read for it; it reads nothing itself.</summary>
public abstract class Page<TModel> : ComponentBase
{
    [Parameter]
    [EditorRequired]
    public TModel Model { get; set; } = default!;

    [Parameter]
    [EditorRequired]
    public Frame Frame { get; set; } = null!;
}

/// <summary>Where a page lives and how it is read: the same way for a visit and for each live tick.</summary>
public interface IPage<TModel>
{
    static abstract string Route { get; }

    /// <summary>Null means there is nothing at this address.</summary>
    static abstract Task<TModel?> ReadAsync(PageRequest request, CancellationToken cancellationToken);
}
