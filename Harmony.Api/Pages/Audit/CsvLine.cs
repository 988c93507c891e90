using System.Globalization;
using System.Text;

namespace Harmony.Api.Pages.Audit;

/// <summary>One line of RFC 4180, each field quoted. A text that a spreadsheet would read as a formula gets an apostrophe first.</summary>
internal static class CsvLine
{
    public static string Of(params ReadOnlySpan<object?> fields)
    {
        var line = new StringBuilder();
        foreach (var field in fields)
        {
            if (line.Length > 0)
                line.Append(',');
            line.Append('"').Append(Field(field).Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
        }

        return line.Append("\r\n").ToString();
    }

    private static string Field(object? field)
    {
        var text = Convert.ToString(field, CultureInfo.InvariantCulture) ?? "";
        return field is string && text is ['=' or '+' or '-' or '@' or '\t' or '\r' or '\n', ..] ? $"'{text}" : text;
    }
}
