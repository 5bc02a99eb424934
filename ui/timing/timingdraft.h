// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/timing/measuredtiming.h"
#include "models/timing/timinglibrary.h"

#include <QObject>
#include <QUndoStack>

#include <array>

namespace pulsedeck {

/// The values an operator edits for one source, before they are applied: the base, the fields, an undo stack, and the check by
/// the chosen rules. A text that cannot be read stays in its field; the profile keeps the last readable value. GUI thread; an
/// edit is checked in well under a millisecond.
class TimingDraft : public QObject
{
    Q_OBJECT

public:
    struct Field
    {
        qint64 ms = 0;
        QString text; ///< As typed, if it cannot be read; else empty.
        QString error; ///< Why it cannot be read.
        bool operator==(const Field &) const = default;
    };
    using Fields = std::array<Field, timingSlots>;

    explicit TimingDraft(const TimingLibrary &library, QObject *parent = nullptr);

    /// Begins again from \a base, with nothing to undo.
    void begin(const TimingProfile &base);
    /// The profile the draft is based on; its version must still be in force when the draft is applied.
    const TimingProfile &base() const { return m_base; }
    /// With the base's name and version, and with what is seen() in place of what the base assumes.
    const TimingProfile &profile() const { return m_profile; }
    /// What workers of a system have where no operator can set it: the rules are checked with it, but for a value that was
    /// changed by a preset. The base stays as it is.
    void setSeen(const std::vector<SeenTiming> &seen);
    /// What is used in place of the base's value; null if that is used, or the value was changed.
    const SeenTiming *seen(TimingId id) const;

    bool isChanged(TimingId id) const;
    int changedCount() const;
    bool isClean() const { return changedCount() == 0; }
    const Field &field(TimingId id) const { return m_fields[size_t(id)]; }
    /// The error of the field itself, typed or set; empty if there is none.
    QString problem(TimingId id) const;
    /// Fields whose text cannot be read.
    int unreadable() const;

    /// A keystroke. Those in one field are one step until endTyping().
    void type(TimingId id, const QString &text);
    /// As type(), for a value that is dragged or stepped.
    void slide(TimingId id, qint64 ms, const QString &what);
    void endTyping() { ++m_session; }
    /// Several values in one step, called \a what in the undo stack ("Fix worker key TTL").
    void change(const std::vector<TimingChange> &changes, const QString &what);
    void load(const TimingPreset &preset);
    void load(const TimingProfile &profile, const QString &what);
    void revert();
    void revert(TimingId id);
    QUndoStack &undoStack() { return m_stack; }
    /// The preset whose values the draft has, null if none; the first of several. Not one that only matches because the draft's
    /// base had its values already.
    const TimingPreset *matchingPreset() const;

    const TimingLibrary &library() const { return m_library; }
    /// Those of the domain, if it is bound to one.
    const TimingRuleSet &rules() const { return m_ruleSet; }
    void setRules(const QString &id);
    /// Binds it to the values of one domain: a hub has none of the workers'.
    void setDomain(TimingDomain domain);
    bool has(TimingId id) const { return m_library.has(id) && (!m_domain || timingDomain(id) == *m_domain); }
    bool isHub() const { return m_domain == TimingDomain::Hub; }
    /// Of a system that a layout describes: the console cannot set its values.
    bool isSystem() const { return m_library.isSystem(); }
    /// It can be set: it is neither fixed nor does it follow from another one.
    bool canSet(TimingId id) const { return !m_library.parameter(id).fixed; }
    const TimingFacts &facts() const { return m_facts; }
    void setFacts(const TimingFacts &facts);
    /// The profile in force, which may be newer than the base.
    void setLive(const TimingProfile &live);
    /// The check of the draft, and of the profile in force.
    const TimingCheck &check() const { return m_check; }
    const TimingCheck &liveCheck() const { return m_liveCheck; }
    /// The worst of the field's own error and of the rules about it.
    std::optional<TimingSeverity> trouble(TimingId id) const;
    /// The changes that fix all must and recommended rules.
    std::vector<TimingChange> fixAll() const;
    /// The same changes in round numbers where these fix as much: 31 s instead of 30.001 s.
    std::vector<TimingChange> rounded(const std::vector<TimingChange> &changes) const;

signals:
    void changed();

private:
    class Step;

    void push(Fields after, const QString &what, int key);
    void adopt(const Fields &fields);
    void adoptFields();
    /// With the values that follow from others.
    Fields followed(Fields fields) const;
    const TimingPreset *matchingPreset(const TimingProfile &profile) const;
    TimingCheck checked(const TimingProfile &profile) const;
    void review();

    const TimingLibrary &m_library;
    TimingProfile m_base;
    TimingProfile m_profile;
    Fields m_fields;
    std::vector<SeenTiming> m_seen;
    QUndoStack m_stack;
    TimingFacts m_facts;
    TimingRuleSet m_ruleSet;
    std::optional<TimingDomain> m_domain;
    TimingCheck m_check;
    TimingProfile m_live;
    TimingCheck m_liveCheck;
    int m_session = 0;
    int m_typedIn = -1; ///< Key of the field and session of the last keystroke.
    qint64 m_typedFrom = 0; ///< What that field held before its first.
};

/// \a held becomes \a draft, which \a view follows from then on by \a review, and the one before no more; false if it is the
/// same. Null for none.
template <typename View> bool followDraft(TimingDraft *&held, TimingDraft *draft, View *view, void (View::*review)())
{
    if (held == draft)
        return false;
    if (held)
        QObject::disconnect(held, nullptr, view, nullptr);
    held = draft;
    if (held)
        QObject::connect(held, &TimingDraft::changed, view, review);
    return true;
}

} // namespace pulsedeck
