using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Harmony.Tests.Pure;

/// <summary>
/// Which folder of a project uses which, read from its source by the compiler. Compared are folders that lie side by side, each with all
/// that lies in it; a folder's own files may use its sub-folders and be used by them.
/// What puts a project together (Program.cs and files named …Registration.cs) sees everything and belongs to no folder.
/// </summary>
internal sealed partial class FolderGraph
{
    private readonly Dictionary<(string From, string To), SortedSet<string>> _uses = [];

    private FolderGraph()
    {
    }

    public static FolderGraph Of(string project)
    {
        var graph = new FolderGraph();
        var root = Path.Combine(Clone.Root, project);
        var options = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview);
        var trees = Files(root, "*.cs").Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), options, file)).ToList();
        var compilation = CSharpCompilation.Create(project, [.. trees, CSharpSyntaxTree.ParseText(ImplicitUsings, options)], References(root), new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        var types = new TypesByName();
        foreach (var tree in trees)
        {
            var model = compilation.GetSemanticModel(tree);
            var from = Path.GetRelativePath(root, tree.FilePath);
            foreach (var declared in tree.GetRoot().DescendantNodes().OfType<BaseTypeDeclarationSyntax>().Where(d => d.Parent is BaseNamespaceDeclarationSyntax))
                types.Add(declared.Identifier.Text, FolderOf(from));
            foreach (var name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
            {
                var symbol = model.GetSymbolInfo(name).Symbol;
                if ((symbol as INamedTypeSymbol ?? symbol?.ContainingType)?.OriginalDefinition is { } used && SymbolEqualityComparer.Default.Equals(used.ContainingAssembly, compilation.Assembly))
                    graph.Add(from, [.. used.DeclaringSyntaxReferences.Select(d => Path.GetRelativePath(root, d.SyntaxTree.FilePath))], used.Name);
            }
        }

        graph.AddComponents(root, types);
        return graph;
    }

    public bool Has(string from, string to) => _uses.ContainsKey((Path.Combine(".", from), Path.Combine(".", to)));

    public void Forget(string from, string to) => _uses.Remove((Path.Combine(".", from), Path.Combine(".", to)));

    /// <summary>Folders that use each other, directly or around corners, each circle as one sorted list.</summary>
    public IReadOnlyList<string[]> Circles()
    {
        var folders = _uses.Keys.SelectMany(k => new[] { k.From, k.To }).Distinct().Order(StringComparer.Ordinal).ToList();
        var reach = folders.ToDictionary(f => f, Reachable);
        return [.. folders
            .Select(f => folders.Where(g => reach[f].Contains(g) && reach[g].Contains(f)).ToArray())
            .Where(circle => circle.Length > 1)
            .DistinctBy(circle => string.Join('|', circle))];
    }

    /// <summary>The uses between the folders of a circle, a line each.</summary>
    public string Explain(string[] circle) => string.Join('\n', _uses
        .Where(use => circle.Contains(use.Key.From) && circle.Contains(use.Key.To))
        .OrderBy(use => use.Key.From, StringComparer.Ordinal).ThenBy(use => use.Key.To, StringComparer.Ordinal)
        .Select(use => $"  {use.Key.From[2..]} -> {use.Key.To[2..]}: {string.Join(", ", use.Value)}"));

    private HashSet<string> Reachable(string from)
    {
        HashSet<string> seen = [];
        var next = new Queue<string>([from]);
        while (next.TryDequeue(out var folder))
        {
            foreach (var (_, to) in _uses.Keys.Where(k => k.From == folder))
            {
                if (seen.Add(to))
                    next.Enqueue(to);
            }
        }

        return seen;
    }

    private void Add(string from, string[] declaredIn, string what)
    {
        if (IsComposition(from) || declaredIn.Any(IsComposition) || declaredIn.Any(file => FolderOf(file) == FolderOf(from)))
            return;
        foreach (var to in declaredIn)
            AddFolders(FolderOf(from), FolderOf(to), $"{Path.GetFileName(from)} uses {what}");
    }

    private void AddFolders(string from, string to, string use)
    {
        var (one, other) = (from.Split(Path.DirectorySeparatorChar), to.Split(Path.DirectorySeparatorChar));
        var shared = one.Zip(other).TakeWhile(pair => pair.First == pair.Second).Count();
        if (shared == one.Length || shared == other.Length)
            return;
        (from, to) = (Path.Combine(one[..(shared + 1)]), Path.Combine(other[..(shared + 1)]));
        if (!_uses.TryGetValue((from, to), out var uses))
            _uses.Add((from, to), uses = new(StringComparer.Ordinal));
        uses.Add(use);
    }

    // Components are compiled by Razor: tags and the names of types are read from their text.
    private void AddComponents(string root, TypesByName types)
    {
        var components = Files(root, "*.razor").Where(file => Path.GetFileName(file) != "_Imports.razor").ToList();
        foreach (var component in components)
            types.Add(Path.GetFileNameWithoutExtension(component), FolderOf(Path.GetRelativePath(root, component)));
        foreach (var component in components)
        {
            var from = Path.GetRelativePath(root, component);
            foreach (var name in TypeName().Matches(File.ReadAllText(component)).Select(m => m.Groups["name"].Value).Distinct())
            {
                var folders = types.Find(name);
                if (folders.Count == 1 && folders[0] != FolderOf(from))
                    AddFolders(FolderOf(from), folders[0], $"{Path.GetFileName(from)} uses {name}");
            }
        }
    }

    private static bool IsComposition(string file) => Path.GetFileName(file) is "Program.cs" || file.EndsWith("Registration.cs", StringComparison.Ordinal);

    private static string FolderOf(string file) => Path.GetDirectoryName(file) is { Length: > 0 } folder ? Path.Combine(".", folder) : ".";

    private static IEnumerable<string> Files(string root, string pattern) => Directory.EnumerateFiles(root, pattern, SearchOption.AllDirectories)
        .Where(f => !f.StartsWith(Path.Combine(root, "obj"), StringComparison.Ordinal) && !f.StartsWith(Path.Combine(root, "bin"), StringComparison.Ordinal));

    // What this process was started with has every package and every other project.
    private static IEnumerable<MetadataReference> References(string root) =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(file => !Path.GetFileNameWithoutExtension(file).Equals(AssemblyOf(root), StringComparison.OrdinalIgnoreCase))
            .Select(file => MetadataReference.CreateFromFile(file));

    private static string AssemblyOf(string root) => Path.GetFileName(root) == "Harmony.Api" ? "harmony" : Path.GetFileName(root);

    private const string ImplicitUsings =
        """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Net.Http.Json;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Microsoft.AspNetCore.Builder;
        global using Microsoft.AspNetCore.Hosting;
        global using Microsoft.AspNetCore.Http;
        global using Microsoft.AspNetCore.Routing;
        global using Microsoft.Extensions.Configuration;
        global using Microsoft.Extensions.DependencyInjection;
        global using Microsoft.Extensions.Hosting;
        global using Microsoft.Extensions.Logging;
        """;

    [GeneratedRegex(@"(<|[\s(@""!,<])(?<name>[A-Z]\w+)(?=[\s/>.<(]|\b)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TypeName();

    private sealed class TypesByName
    {
        private readonly Dictionary<string, SortedSet<string>> _folders = [];

        public void Add(string name, string folder)
        {
            if (!_folders.TryGetValue(name, out var folders))
                _folders.Add(name, folders = new(StringComparer.Ordinal));
            folders.Add(folder);
        }

        public List<string> Find(string name) => _folders.TryGetValue(name, out var folders) ? [.. folders] : [];
    }
}
