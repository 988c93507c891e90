using System.Text.Json.Nodes;

namespace Harmony.Sandbox.Slskd;

/// <summary>The daemon's folders, and the files in that of finished downloads: one flat list of each, with paths relative to it.</summary>
internal sealed class FolderEndpoints(LandingFolders folders)
{
    public void Map(WebApplication app)
    {
        app.MapGet("/api/v0/files/downloads/directories", List);
        app.MapGet("/api/v0/options", () => SandboxJson.Json(new JsonObject
        {
            ["directories"] = new JsonObject { ["incomplete"] = folders.Incomplete, ["downloads"] = folders.Downloads },
        }));
    }

    private IResult List(bool? recursive)
    {
        var root = new DirectoryInfo(folders.Downloads);
        var entries = root.GetFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = FileAttributes.System, RecurseSubdirectories = recursive ?? false });
        var whole = Describe(root, root);
        whole["files"] = SandboxJson.Array(entries.OfType<FileInfo>().Select(file => Describe(file, root)));
        whole["directories"] = SandboxJson.Array(entries.OfType<DirectoryInfo>().Select(folder => Describe(folder, root)));
        return SandboxJson.Json(whole);
    }

    private static JsonObject Describe(FileSystemInfo entry, DirectoryInfo root)
    {
        var node = new JsonObject
        {
            ["name"] = entry.Name,
            ["fullName"] = entry.FullName == root.FullName ? "" : Path.GetRelativePath(root.FullName, entry.FullName),
            ["attributes"] = entry.Attributes.ToString(),
            ["createdAt"] = SlskdTime.WithZone(new DateTimeOffset(entry.CreationTimeUtc)),
            ["modifiedAt"] = SlskdTime.WithZone(new DateTimeOffset(entry.LastWriteTimeUtc)),
        };
        if (entry is FileInfo file)
            node.Insert(2, "length", file.Length);
        return node;
    }
}
