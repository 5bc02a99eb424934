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

/// Somebody else was faster: what the edit began from, theirs and yours side by side, and for each value which to take.
/// Nothing is written here; what is chosen becomes the draft, on top of theirs. GUI thread.
class ConflictDialog : public QDialog
{
    Q_OBJECT

public:
    ConflictDialog(const TimingLibrary &library, const TimingProfile &base, const TimingVersion &theirs,
                   const TimingProfile &yours, qint64 now, QWidget *parent = nullptr);

    /// Theirs with what was chosen of yours.
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
