// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/timingrecord.h"
#include "models/timing/timinglibrary.h"

#include <QDialog>

#include <array>

class QComboBox;
class QPushButton;

namespace pulsedeck {

class ToneLabel;

/// The record was changed while a draft was edited: the draft's base, their values and yours side by side, and a choice for each
/// value. Nothing is written here; the chosen values become the draft, based on theirs. GUI thread.
class ConflictDialog : public QDialog
{
    Q_OBJECT

public:
    ConflictDialog(const TimingLibrary &library, const TimingProfile &base, const TimingVersion &theirs,
                   const TimingProfile &yours, qint64 now, QWidget *parent = nullptr);

    /// Their values with the chosen ones of yours.
    TimingProfile merged() const;
    QComboBox *choice(TimingId id) const { return m_choices[size_t(id)]; }

private:
    void review();
    void takeAll(bool theirs);

    TimingProfile m_theirs;
    TimingProfile m_yours;
    std::array<QComboBox *, timingCount> m_choices{};
    ToneLabel *m_words;
};

} // namespace pulsedeck
