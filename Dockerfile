# Restore in a layer of its own, exactly the versions of packages.lock.json.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /src
COPY global.json Directory.Build.props Directory.Build.targets Directory.Packages.props BannedSymbols.txt .editorconfig ./
COPY Harmony.Data/Harmony.Data.csproj Harmony.Data/packages.lock.json Harmony.Data/
COPY Harmony.Orchestrator/Harmony.Orchestrator.csproj Harmony.Orchestrator/packages.lock.json Harmony.Orchestrator/
COPY Harmony.Jobs/Harmony.Jobs.csproj Harmony.Jobs/packages.lock.json Harmony.Jobs/
COPY Harmony.Api/Harmony.Api.csproj Harmony.Api/packages.lock.json Harmony.Api/
RUN dotnet restore Harmony.Api --locked-mode
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
