// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/consoleoutlets.h"

#include "models/core/format.h"

#include <QDateTime>
#include <QFileInfo>
#include <QUrl>

using namespace Qt::StringLiterals;

namespace pulsedeck {

ConsoleOutlets::ConsoleOutlets(const AlertEngine &engine, AlertDispatcher &dispatcher, AlertNotifier &notifier,
                               const SendingTurns &turns, const FleetStore &store)
    : m_engine(engine)
    , m_dispatcher(dispatcher)
    , m_notifier(notifier)
    , m_turns(turns)
    , m_store(store)
{
    connect(&dispatcher, &AlertDispatcher::attempted, this, &OutletBoard::changed);
    connect(&turns, &SendingTurns::changed, this, &OutletBoard::changed);
    connect(&notifier, &AlertNotifier::called, this, [this] {
        if (!m_notifier.canShow())
            return; // Nobody saw it.
        ++m_notified;
        m_notifiedAt = QDateTime::currentMSecsSinceEpoch();
        emit changed();
    });
}

std::vector<OutletRow> ConsoleOutlets::outlets() const
{
    std::vector<OutletRow> rows{desktopRow()};
    const QMap<QString, AlertOutletState> states = m_dispatcher.states();
    for (const AlertOutlet &outlet : m_engine.plan().outlets)
        rows.push_back(rowOf(outlet, states.value(outlet.name)));
    return rows;
}

OutletRow ConsoleOutlets::desktopRow() const
{
    OutletRow row;
    row.name = u"desktop"_s;
    row.title = tr("desktop notification");
    row.detail = m_notifier.howText();
    row.canBeTested = m_notifier.isOn() && (m_notifier.canShow() || m_notifier.hasSound());
    if (m_notifier.isOn() && !m_notifier.canShow())
        row.state = OutletRow::State::Bad;
    if (m_notified > 0) {
        row.last = wallClockText(m_notifiedAt);
        row.count = tr("%Ln sent", nullptr, m_notified);
        row.state = OutletRow::State::Good;
    }
    return row;
}

OutletRow ConsoleOutlets::rowOf(const AlertOutlet &outlet, const AlertOutletState &state) const
{
    OutletRow row;
    row.name = outlet.name;
    row.canBeTested = true;
    if (outlet.kind == AlertOutlet::Kind::Command) {
        row.title = tr("command %1").arg(outlet.name);
        row.detail = QFileInfo(outlet.command.value(0)).fileName();
    } else {
        row.title = tr("webhook %1").arg(outlet.name);
        const QString host = QUrl(outlet.url).host();
        const bool isSigned = !outlet.secretVariable.isEmpty() || !outlet.secretFile.isEmpty();
        row.detail = isSigned ? tr("%1, signed").arg(host) : host;
    }
    if (state.lastAt > 0) {
        row.last = tr("%1, %2", "the answer and when").arg(state.last, wallClockText(state.lastAt));
        row.state = state.ok ? OutletRow::State::Good : state.retryAt > 0 ? OutletRow::State::Retrying : OutletRow::State::Bad;
    }
    const qint64 retryMs = state.retryAt - QDateTime::currentMSecsSinceEpoch();
    if (const QString others = holders(); !others.isEmpty())
        row.count = others;
    else if (state.retryAt > 0)
        row.count = tr("%Ln attempt(s), next in %1", nullptr, state.attempts).arg(secondsLeft(std::max<qint64>(0, retryMs)));
    else if (state.lost > 0)
        row.count = tr("%1 sent, %2 lost").arg(state.sent).arg(state.lost);
    else if (state.sent > 0)
        row.count = tr("%Ln sent", nullptr, state.sent);
    return row;
}

/// Who sends what is found in the sources of this console; empty if it does so for all of them.
QString ConsoleOutlets::holders() const
{
    QStringList names;
    for (const SourceId source : m_store.sources()) {
        const QString holder = m_turns.holder(source);
        if (!holder.isEmpty() && !names.contains(holder))
            names.append(holder);
    }
    return names.isEmpty() ? QString() : tr("sent by %1").arg(names.join(u", "_s));
}

bool ConsoleOutlets::sendTest(const QString &name)
{
    if (name != "desktop"_L1)
        return m_dispatcher.sendTest(name);
    m_notifier.callTest();
    return true;
}

} // namespace pulsedeck
