using System.Text.Json.Serialization;

namespace Harmony.Jobs.Providers.Slskd;

internal sealed record ServerWire(bool? IsLoggedIn);

internal sealed record SearchRequestWire(Guid Id, string SearchText, int SearchTimeout, int ResponseLimit, int FileLimit);

internal sealed record SearchWire(Guid? Id, string? SearchText, string? State, string? EndedAt, List<ResponseWire?>? Responses);

internal sealed record ResponseWire(
    string? Username,
    bool? HasFreeUploadSlot,
    double? QueueLength,
    double? UploadSpeed,
    List<FileWire?>? Files,
    List<FileWire?>? LockedFiles);

internal sealed record FileWire(
    string? Filename,
    long? Size,
    string? Extension,
    int? BitRate,
    int? BitDepth,
    int? SampleRate,
    int? Length,
    bool? IsVariableBitRate,
    bool? IsLocked);

internal sealed record BatchRequestWire(Guid Id, string Username, IReadOnlyList<BatchFileWire> Files, BatchOptionsWire Options);

internal sealed record BatchFileWire(string Filename, long Size);

internal sealed record BatchOptionsWire(string Destination);

internal sealed record BatchReplyWire(BatchWire? Batch, List<FailureWire?>? Failures);

internal sealed record BatchWire(Guid? Id, string? Username, List<TransferWire?>? Transfers);

internal sealed record FailureWire(string? Filename, string? Message);

internal sealed record UserDownloadsWire(string? Username, List<DirectoryWire?>? Directories);

internal sealed record DirectoryWire(List<TransferWire?>? Files);

internal sealed record TransferWire(
    string? Id,
    Guid? BatchId,
    string? Username,
    string? Filename,
    long? Size,
    string? State,
    long? BytesTransferred,
    double? AverageSpeed,
    double? PercentComplete,
    int? PlaceInQueue,
    string? Exception);

internal sealed record ListedFolderWire(List<ListedFileWire?>? Files);

internal sealed record ListedFileWire(string? FullName);

internal sealed record OptionsWire(OptionDirectoriesWire? Directories);

internal sealed record OptionDirectoriesWire(string? Downloads);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(ServerWire))]
[JsonSerializable(typeof(SearchRequestWire))]
[JsonSerializable(typeof(SearchWire))]
[JsonSerializable(typeof(BatchRequestWire))]
[JsonSerializable(typeof(BatchReplyWire))]
[JsonSerializable(typeof(BatchWire))]
[JsonSerializable(typeof(List<UserDownloadsWire>))]
[JsonSerializable(typeof(ListedFolderWire))]
[JsonSerializable(typeof(OptionsWire))]
internal sealed partial class SlskdJson : JsonSerializerContext;
