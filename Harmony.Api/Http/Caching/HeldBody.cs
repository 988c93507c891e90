namespace Harmony.Api.Http.Caching;

/// <summary>
/// Buffers a JSON body until it is whole, because its entity tag stands in the headers before it. A body that is not JSON, or too long to
/// cache, is passed on at once, so that a stream stays a stream.
/// </summary>
internal sealed class HeldBody(HttpResponse response, Stream onward) : Stream
{
    private readonly MemoryStream _held = new();

    /// <summary>The answer has started already.</summary>
    public bool IsPassedOn { get; private set; }

    public ReadOnlyMemory<byte> Bytes => _held.GetBuffer().AsMemory(0, (int)_held.Length);

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public static bool IsJson(string? contentType) =>
        contentType is not null
        && contentType.StartsWith("application/json", StringComparison.OrdinalIgnoreCase)
        && (contentType.Length == 16 || contentType[16] is ';' or ' ');

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Holds(buffer.Length))
        {
            _held.Write(buffer.Span);
            return;
        }

        await PassOnAsync(cancellationToken);
        await onward.WriteAsync(buffer, cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Bodies are written asynchronously.");

    // JSON is flushed before its first byte: that flush must not start the answer.
    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (!IsPassedOn && (response.ContentType is null || Holds(0)))
            return;
        await PassOnAsync(cancellationToken);
        await onward.FlushAsync(cancellationToken);
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private bool Holds(int more) => !IsPassedOn && IsJson(response.ContentType) && _held.Length + more <= ResponseCacheOptions.LargestBody;

    /// <summary>Passes on the buffered bytes now, and all later bytes at once.</summary>
    public async Task PassOnAsync(CancellationToken cancellationToken)
    {
        if (IsPassedOn)
            return;
        IsPassedOn = true;
        if (_held.Length > 0)
            await onward.WriteAsync(Bytes, cancellationToken);
    }
}
