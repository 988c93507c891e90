using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Harmony.Api.Pages.Live;

/// <summary>A part of a page that is sent again after a change. Parts do not nest; forms stay outside (they carry the token of one reader).</summary>
public sealed class Part : ComponentBase
{
    [Parameter]
    [EditorRequired]
    public string Id { get; set; } = "";

    [Parameter]
    public string Tag { get; set; } = "div";

    [Parameter]
    public string? Class { get; set; }

    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.AddMarkupContent(0, $"<!--part {Id}-->");
        builder.OpenElement(1, Tag);
        builder.AddAttribute(2, "id", Id);
        builder.AddAttribute(3, "class", Class);
        builder.AddAttribute(4, "data-live", "");
        builder.AddContent(5, ChildContent);
        builder.CloseElement();
        builder.AddMarkupContent(6, "<!--/part-->");
    }
}
