using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;

namespace Harmony.Api.Http;

/// <summary>
/// Runs, before a handler, the validation attributes of its parameters and, where a parameter is a record of ours, of its members, then
/// <see cref="IValidatableObject"/>. The error envelope reports every problem at once.
/// </summary>
internal static class RequestValidation
{
    private delegate IEnumerable<FieldError> Rule(object? argument, HttpContext context);

    public static RouteGroupBuilder WithRequestValidation(this RouteGroupBuilder routes) =>
        routes.AddEndpointFilterFactory((handler, next) =>
        {
            var rules = handler.MethodInfo.GetParameters().SelectMany((parameter, position) => RulesOf(parameter).Select(rule => (position, rule))).ToArray();
            return rules.Length == 0 ? next : async call =>
            {
                var faults = rules.SelectMany(r => r.rule(call.Arguments[r.position], call.HttpContext)).ToList();
                return faults.Count == 0 ? await next(call) : new ApiProblem(ApiError.Invalid(faults));
            };
        });

    private static IEnumerable<Rule> RulesOf(ParameterInfo parameter)
    {
        foreach (var rule in OfAttributes(parameter.GetCustomAttributes<ValidationAttribute>(), parameter, argument => argument))
            yield return rule;
        if (parameter.ParameterType.Assembly != typeof(RequestValidation).Assembly || parameter.ParameterType.GetConstructors() is not [var constructor])
            yield break;

        foreach (var part in constructor.GetParameters())
        {
            // A service has constructor parameters that are no properties.
            if (parameter.ParameterType.GetProperty(part.Name!) is not { } property)
                continue;

            // Those of [AsParameters] must be on the property: ASP.NET's OpenAPI fails on the others.
            var attributes = part.GetCustomAttributes<ValidationAttribute>().Concat(property.GetCustomAttributes<ValidationAttribute>());
            foreach (var rule in OfAttributes(attributes, part, argument => argument is null ? null : property.GetValue(argument)))
                yield return rule;
        }

        if (parameter.ParameterType.IsAssignableTo(typeof(IValidatableObject)))
            yield return (argument, context) => argument is IValidatableObject body ? body.Validate(ContextOf(body, context)).Select(f => Fault(f, "")) : [];
    }

    private static IEnumerable<Rule> OfAttributes(IEnumerable<ValidationAttribute> attributes, ParameterInfo parameter, Func<object?, object?> read)
    {
        var name = JsonNamingPolicy.SnakeCaseLower.ConvertName(parameter.Name!);
        foreach (var attribute in attributes)
            yield return (argument, context) => attribute.GetValidationResult(read(argument), ContextOf(parameter, context)) is { } fault ? [Fault(fault, name)] : [];
    }

    private static FieldError Fault(ValidationResult fault, string name) => new(fault.MemberNames.FirstOrDefault() ?? name, fault.ErrorMessage!);

    // The display name keeps the framework from looking for one by reflection.
    private static ValidationContext ContextOf(object instance, HttpContext context) => new(instance, "request", context.RequestServices, null);
}
