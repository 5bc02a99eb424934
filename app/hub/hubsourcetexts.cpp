// SPDX-License-Identifier: GPL-3.0-or-later
// What a HubSource says of itself in words.
#include "app/hub/hubsource.h"

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr qint64 slowedShownMs = 60'000;

QString actorsHave(int count)
{
    return count == 1 ? u"1 actor has"_s : QString::number(count) + u" actors have"_s;
}

} // namespace

QString HubSource::aftermathText() const
{
    const QString what = m_aftermath == Aftermath::Wiped ? u"The hub forgot everything (no message for 10 s)"_s
                                                         : u"The hub was restarted and has lost all registrations"_s;
    if (m_wholeInGeneration == 0)
        return what + u". Its actors are not gone: they have to register anew."_s;
    if (m_view.awaited == 0)
        return what + u": all its actors have registered anew."_s;
    return what + u": "_s + actorsHave(m_view.awaited) + u" not registered anew yet. They are not gone."_s;
}

/// Message, hint and limits of the status, for the state it is in.
void HubSource::describe()
{
    const qint64 now = m_clock.nowMs();
    const bool awaiting = m_aftermath != Aftermath::None && (m_view.awaited > 0 || m_wholeInGeneration == 0);
    m_status.forgotten = awaiting;
    switch (m_status.state) {
    case SourceState::Loading:
    case SourceState::Sweeping:
        m_status.message = m_listProblem;
        m_status.hint.clear();
        if (m_aftermath != Aftermath::None && m_listProblem.isEmpty()) {
            m_status.message = aftermathText();
            if (awaiting)
                m_status.hint = u"An actor that has not noticed yet runs on. Who is still missing after %1 s is shown as departed, unseen."_s.arg(
                    m_options.wipeGraceMs / 1'000);
        }
        break;
    case SourceState::Waiting: {
        const HubFailure failure = m_connection ? m_connection->failure() : HubFailure();
        m_status.message = failure.text;
        m_status.hint = failure.hint;
        const auto known = int(m_slots.size());
        if (known > 0) {
            if (!m_status.hint.isEmpty())
                m_status.hint += u' ';
            m_status.hint += known == 1 ? u"What became of its actor is not known until it is back."_s
                                        : u"What became of its %1 actors is not known until it is back."_s.arg(known);
        }
        break;
    }
    case SourceState::Off:
    case SourceState::Connecting:
    case SourceState::Live:
    case SourceState::Stalled:
    case SourceState::Failed:
        break;
    }

    m_status.limits.clear();
    if (m_truncated)
        m_status.limits.append(u"only the first %1 actors are shown"_s.arg(mostActors));
    if (!m_connection)
        return;
    const HubVitals vitals = m_connection->vitals();
    if (!vitals.registrationProblem.isEmpty())
        m_status.limits.append(u"actors cannot answer: "_s + vitals.registrationProblem);
    if (std::exchange(m_refusedForRate, vitals.refusedForRate) != vitals.refusedForRate)
        m_slowedAt = now;
    if (m_slowedAt != 0 && now - m_slowedAt < slowedShownMs) {
        m_status.limits.append(
            u"slowed down: the hub takes ten messages a second and has refused %1"_s.arg(vitals.refusedForRate));
    }
    if (const QString dropped = hubMailDroppedText(m_view.mailDropped); !dropped.isEmpty())
        m_status.limits.append(dropped);
}

} // namespace pulsedeck
