using System.Data;
using System.Globalization;
using Dapper;

namespace Harmony.Data;

/// <summary>The mapping of rows to records, set once when the process starts: snake_case columns, times with their offset.</summary>
internal static class DapperConventions
{
    public static void Use()
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset));
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset?));
        SqlMapper.AddTypeHandler(new OffsetHandler());
    }

    // Npgsql returns timestamptz as a UTC DateTime and accepts DateTimeOffset only with offset zero.
    private sealed class OffsetHandler : SqlMapper.TypeHandler<DateTimeOffset>
    {
        public override DateTimeOffset Parse(object value) => value switch
        {
            DateTimeOffset offset => offset,
            DateTime time => new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc)),
            _ => DateTimeOffset.Parse((string)value, CultureInfo.InvariantCulture),
        };

        public override void SetValue(IDbDataParameter parameter, DateTimeOffset value) => parameter.Value = value.ToUniversalTime();
    }
}
