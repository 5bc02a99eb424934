// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/rememberedsources.h"

#include <QSettings>

#include <algorithm>
#include <iterator>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int mostSources = 100;

struct TokenWord
{
    TokenFrom from;
    QLatin1StringView word;
};
constexpr TokenWord tokenWords[] = {{TokenFrom::Nowhere, QLatin1StringView("nowhere")},
                                    {TokenFrom::Typed, QLatin1StringView("typed")},
                                    {TokenFrom::Keychain, QLatin1StringView("keychain")},
                                    {TokenFrom::Environment, QLatin1StringView("environment")}};

void write(QSettings &settings, const SourceSettings &source)
{
    settings.setValue(u"kind"_s, source.isHub() ? u"hub"_s : u"redis"_s);
    settings.setValue(u"name"_s, source.name);
    settings.setValue(u"host"_s, source.host);
    settings.setValue(u"port"_s, source.port);
    settings.setValue(u"tls"_s, source.tls);
    settings.setValue(u"caFile"_s, source.caFile);
    settings.setValue(u"readOnly"_s, source.readOnly);
    settings.setValue(u"visible"_s, source.visible);
    if (source.isHub()) {
        const auto word = std::find_if(std::begin(tokenWords), std::end(tokenWords),
                                       [&](const TokenWord &one) { return one.from == source.tokenFrom; });
        settings.setValue(u"path"_s, source.path);
        settings.setValue(u"tokenFrom"_s, QString(word->word));
        settings.setValue(u"tokenVariable"_s, source.tokenVariable);
        // The token itself is never written.
        return;
    }
    settings.setValue(u"socket"_s, source.socketPath);
    settings.setValue(u"user"_s, source.user);
    settings.setValue(u"database"_s, source.database);
    // The password is never written: it is asked for when Redis asks for it.
}

SourceSettings read(const QSettings &settings)
{
    SourceSettings source;
    if (settings.value(u"kind"_s).toString() == u"hub"_s)
        source = SourceSettings::fromHub(HubAddress());
    source.name = settings.value(u"name"_s).toString();
    source.host = settings.value(u"host"_s, source.host).toString();
    source.port = settings.value(u"port"_s, source.port).toInt();
    source.tls = settings.value(u"tls"_s).toBool();
    source.caFile = settings.value(u"caFile"_s).toString();
    source.readOnly = settings.value(u"readOnly"_s, false).toBool();
    source.visible = settings.value(u"visible"_s, true).toBool();
    if (source.isHub()) {
        source.path = settings.value(u"path"_s, source.path).toString();
        const QString from = settings.value(u"tokenFrom"_s).toString();
        for (const TokenWord &one : tokenWords) {
            if (from == one.word)
                source.tokenFrom = one.from;
        }
        source.tokenVariable = settings.value(u"tokenVariable"_s, source.tokenVariable).toString();
        return source;
    }
    source.socketPath = settings.value(u"socket"_s).toString();
    source.user = settings.value(u"user"_s).toString();
    source.database = settings.value(u"database"_s).toInt();
    return source;
}

} // namespace

void rememberSources(QSettings &settings, const std::vector<SourceSettings> &sources)
{
    settings.remove(u"sources"_s); // Else a shorter list, or another kind, would leave fields of the one before.
    settings.beginWriteArray(u"sources"_s);
    int index = 0;
    for (const SourceSettings &source : sources) {
        if (source.demo)
            continue;
        settings.setArrayIndex(index++);
        write(settings, source);
    }
    settings.endArray();
    settings.setValue(u"sources/size"_s, index);
}

std::vector<SourceSettings> rememberedSources(QSettings &settings)
{
    std::vector<SourceSettings> sources;
    const int count = qBound(0, settings.beginReadArray(u"sources"_s), mostSources);
    for (int i = 0; i < count; ++i) {
        settings.setArrayIndex(i);
        sources.push_back(read(settings));
    }
    settings.endArray();
    return sources;
}

} // namespace pulsedeck
