// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/commands/commandactions.h"

#include <QSet>

namespace pulsedeck {

/// A command that is being asked about: the workers chosen, those left out by hand, and what it would do as the fleet is now.
/// No widget in it. Workers are kept with their serial, so that a place in the store that is given out again is never commanded.
/// The operator has read which workers it acts on: by itself their number may fall and never grow. A worker that could not be
/// commanded when the dialog opened, or at any look since, stays out even if it comes back.
class CommandDraft
{
public:
    struct Pick
    {
        WorkerHandle handle = noWorker;
        quint32 serial = 0;
    };

    CommandDraft(const CommandContext &context, Act act, const std::vector<WorkerHandle> &workers);

    /// Works the preview out again. Returns whether anything that is shown may have changed.
    bool refresh();
    const CommandPreview &preview() const { return m_preview; }
    const std::vector<Pick> &picks() const { return m_picks; }

    Act act() const { return m_act; }
    /// Between at the next heartbeat and now.
    void setAct(Act act) { m_act = act; }
    int floorPercent() const { return m_floor; }
    void setFloorPercent(int percent) { m_floor = percent; }

    bool isLeftOut(quint32 serial) const { return m_leftOut.contains(serial); }
    void setLeftOut(quint32 serial, bool out);
    void leaveOutLast(int count); ///< Of those acting.
    /// Of those it would have acted on at first, how many have died or left since.
    int lostMeanwhile() const { return m_lost; }
    /// How many could be commanded now, and stay out because they could not when it was asked or at a look since.
    int cameBack() const { return m_cameBack; }
    /// Why a pick would not be commanded; None if it would.
    Exclusion whyNot(quint32 serial) const { return m_reasons.value(serial); }
    /// Type and source, where all that act share it; else empty.
    QString sharedType() const;
    QString sharedSource() const;
    /// The word to be typed where a type would fall below its floor: the name of its source.
    QString confirmWord() const;
    /// The interval the source is configured to, for workers that are not measured yet.
    qint64 configuredInterval() const;
    bool isActing(quint32 serial) const { return m_acting.contains(serial); }

private:
    CommandPreview previewOf(Act act, const std::vector<WorkerHandle> &workers) const;
    void keepOnlyAsked(const CommandPreview &preview);

    const CommandContext &m_context;
    Act m_act;
    int m_floor = 80;
    std::vector<Pick> m_picks;
    QSet<quint32> m_leftOut;
    QSet<quint32> m_acting;
    QSet<quint32> m_actedAtFirst;
    QSet<quint32> m_asked; ///< Those still asked about, left out by hand or not; never grows after the first look.
    QSet<quint32> m_wentOnce; ///< Of those not asked about, those seen gone.
    QHash<quint32, Exclusion> m_reasons;
    CommandPreview m_preview;
    int m_lost = 0;
    int m_cameBack = 0;
    bool m_first = true;
};

} // namespace pulsedeck
