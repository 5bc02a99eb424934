// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/timing/timingdraft.h"

#include <QWidget>

class QAction;
class QPushButton;

namespace pulsedeck {

class GlyphMark;
class ToneLabel;

/// The buttons for the draft, and what prevents applying it. GUI thread.
class DraftActions : public QWidget
{
    Q_OBJECT

public:
    /// Without \a files there is no export. \a past: another time than now is shown, and what needs the present is off.
    DraftActions(bool files, bool past, QWidget *parent = nullptr);

    void setDraft(TimingDraft *draft);
    /// Why nothing can be written now; empty if it can.
    void setWriteTrouble(const QString &why);
    /// Recorded workers that would have been declared dead with the draft.
    void setDeaths(int deaths);

signals:
    void reviewRequested();
    void revertRequested();
    /// "worker.env", "proxy.env" or "wrangler.toml".
    void exportRequested(const QString &kind);
    void readRequested();
    void constantsRequested();
    void rulesRequested();
    /// What would be changed of a foreign system, as text: into the clipboard, or into a file.
    void copyRequested();
    void saveRequested();

private:
    void review();

    TimingDraft *m_draft = nullptr;
    QString m_trouble;
    int m_deaths = 0;
    QPushButton *m_review;
    QPushButton *m_revert;
    QPushButton *m_export;
    QPushButton *m_copy;
    QPushButton *m_save;
    const bool m_files;
    const bool m_past;
    GlyphMark *m_mark;
    ToneLabel *m_state;
    ToneLabel *m_hint;
    ToneLabel *m_cannot; ///< Why nothing can be applied to a foreign system.
};

} // namespace pulsedeck
