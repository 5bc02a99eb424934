// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/journal/journal.h"
#include "ui/common/messageline.h"

namespace pulsedeck {

class ToneLabel;

/// An amber line above the list while nothing is recorded: why, and what to do.
class RecordingBanner : public MessageLine
{
    Q_OBJECT

public:
    explicit RecordingBanner(QWidget *parent);

    /// \a journal is whether there is one at all.
    void setState(const JournalState &state, bool journal);
    QString text() const;

private:
    ToneLabel *m_words;
    ToneLabel *m_hint;
};

} // namespace pulsedeck
