// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sources/hubprotocol.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

SourceTraits makeHubTraits()
{
    SourceTraits traits;
    traits.system = u"Signal Hub"_s; // untranslated: a name
    traits.layout = u"hub"_s; // untranslated: a name
    traits.demo = QStringLiteral(QT_TRANSLATE_NOOP("SourceTraits", "Demo hub"));
    traits.worker = QStringLiteral(QT_TRANSLATE_NOOP("SourceTraits", "actor"));
    traits.workers = QStringLiteral(QT_TRANSLATE_NOOP("SourceTraits", "actors"));
    traits.counting = QStringLiteral(QT_TRANSLATE_N_NOOP("SourceTraits", "%Ln actor(s)"));
    traits.beat = QStringLiteral(QT_TRANSLATE_NOOP("SourceTraits", "renewal"));
    traits.records = QStringLiteral(QT_TRANSLATE_NOOP("SourceTraits", "registrations"));
    traits.listing = QStringLiteral(QT_TRANSLATE_NOOP("SourceTraits", "listing"));
    traits.secret = QStringLiteral(QT_TRANSLATE_NOOP("SourceTraits", "token"));
    traits.schemes = {u"ws"_s, u"wss"_s, u"http"_s, u"https"_s};
    traits.exampleAddress = u"wss://host:8787/ws"_s;
    traits.usualPort = 8787;
    traits.recordPrefix.clear();
    traits.copyId = QStringLiteral(QT_TRANSLATE_NOOP("SourceTraits", "Copy Address"));
    traits.emptyTitle = QStringLiteral(QT_TRANSLATE_NOOP("SourceTraits", "No actors at %1"));
    traits.emptyText = QStringLiteral(QT_TRANSLATE_NOOP(
        "SourceTraits", "It is connected, but nothing is registered there. A hub that was silent for ten seconds has lost its\n"
                        "registrations, and actors have to register again. They appear here when the list is next read."));
    traits.glyph = u"hub"_s;
    traits.ids = {false, "@(", ")", {"@(pulsedeck/", "@(pulsedeckctl/"}};
    traits.facts = SourceFact::Ttl | SourceFact::Capabilities | SourceFact::Messages;
    traits.basis = BeatBasis::Registration;
    const QString shutDown = QStringLiteral(QT_TRANSLATE_NOOP("SourceTraits", "Shut down"));
    const QString removed = QStringLiteral(QT_TRANSLATE_NOOP("SourceTraits", "the hub removes expired registrations itself"));
    for (ActTraits &act : traits.acts)
        act.proof = ActProof::Answer;
    traits.acts[size_t(Act::Shutdown)] = {shutDown, {}, ActScope::Worker, ActProof::Answer};
    traits.acts[size_t(Act::ShutdownNow)] = {shutDown, {}, ActScope::Worker, ActProof::Answer};
    traits.acts[size_t(Act::Drain)] = {{}, {}, ActScope::Worker, ActProof::Answer};
    traits.acts[size_t(Act::Resume)].whyNot =
        QStringLiteral(QT_TRANSLATE_NOOP("SourceTraits", "there is no message that undoes an actor's drain"));
    traits.acts[size_t(Act::Cancel)].whyNot =
        QStringLiteral(QT_TRANSLATE_NOOP("SourceTraits", "a message that was delivered cannot be withdrawn"));
    traits.acts[size_t(Act::Reap)].whyNot = removed;
    traits.acts[size_t(Act::RemoveKey)].whyNot = removed;
    return traits;
}

class HubProtocol final : public SourceProtocol
{
    Q_DECLARE_TR_FUNCTIONS(HubProtocol)

public:
    QString name() const override { return u"hub"_s; }
    TraitsRef traits() const override { return hubTraits(); }
    SourceFields fields() const override
    {
        return SourceField::Host | SourceField::Encryption | SourceField::Path | SourceField::Token | SourceField::Way;
    }
    std::optional<SourceSettings> read(const QString &address, QString *error) const override
    {
        const std::optional<HubAddress> hub = HubAddress::parse(address, error);
        return hub ? std::optional(hubSettings(*hub)) : std::nullopt;
    }
    std::optional<SourceSettings> fromEnvironment(const QProcessEnvironment &variables, QString *error) const override
    {
        const QString text = variables.value(u"SIGNAL_HUB_URL"_s);
        if (text.isEmpty())
            return std::nullopt;
        std::optional<SourceSettings> settings = read(text, error);
        if (!settings)
            error->prepend("SIGNAL_HUB_URL: "_L1);
        return settings;
    }
    QString address(const SourceSettings &settings) const override { return hubAddressOf(settings).display(); }
    QString connectText() const override { return tr("Connect to a Signal &Hub…"); }
    QString question() const override { return tr("Where is the Signal Hub of your actors?"); }
    QString invitation() const override { return tr("Connect to a Signal Hub with its actors"); }
    QString removedText() const override { return tr("Its actors stay registered in the hub."); }
    QString unlockedText() const override
    {
        return tr("At a hub, messages can be sent, and actors can be drained and shut down; this console registers its own "
                  "address there, so that they can answer.");
    }
};

} // namespace

const SourceProtocol &hubProtocol()
{
    static const HubProtocol protocol;
    return protocol;
}

SourceSettings hubSettings(const HubAddress &hub)
{
    SourceSettings settings;
    settings.kind = SourceKind::Hub;
    settings.host = hub.host;
    settings.port = hub.port;
    settings.tls = hub.tls;
    settings.caFile = hub.caFile;
    settings.tlsOptions = hub.tlsOptions;
    settings.path = hub.path;
    settings.ssh = hub.ssh;
    settings.name = hub.shortName();
    return settings;
}

HubAddress hubAddressOf(const SourceSettings &settings)
{
    HubAddress hub;
    hub.host = settings.host;
    hub.port = settings.port;
    hub.tls = settings.tls;
    hub.caFile = settings.caFile;
    hub.tlsOptions = settings.tlsOptions;
    hub.path = settings.path;
    hub.ssh = settings.ssh;
    return hub;
}

TraitsRef hubTraits()
{
    static const TraitsRef traits = TraitsRef::of(makeHubTraits());
    return traits;
}

} // namespace pulsedeck
