# Restore in a layer of its own: it also decides which optional packages are there.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /src
COPY global.json Directory.Build.props Directory.Packages.props BannedSymbols.txt .editorconfig ./
COPY build/ build/
COPY scripts/lib/taglib-from-debian scripts/lib/
COPY Harmony.Data/Harmony.Data.csproj Harmony.Data/
COPY Harmony.Orchestrator/Harmony.Orchestrator.csproj Harmony.Orchestrator/
COPY Harmony.Jobs/Harmony.Jobs.csproj Harmony.Jobs/
COPY Harmony.Api/Harmony.Api.csproj Harmony.Api/
RUN dotnet restore Harmony.Api
COPY . .
RUN dotnet publish Harmony.Api -c Release --no-restore -o /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
# Folders made here give the volumes their owner.
RUN mkdir -p /downloads /music /keys && chown "$APP_UID:$APP_UID" /downloads /music /keys
WORKDIR /app
COPY --from=build /app .
USER $APP_UID
ENV HARMONY_KEYS_DIR=/keys DOWNLOADS_DIR=/downloads MUSIC_DIR=/music
EXPOSE 8080
ENTRYPOINT ["dotnet", "harmony.dll"]
CMD ["serve"]
