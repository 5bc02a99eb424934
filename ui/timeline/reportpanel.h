// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/history/spanreader.h"

#include <QDialog>

class QPushButton;
class QScrollArea;
class QSettings;

namespace pulsedeck {

class ToneLabel;

/// What happened in a marked span: who was affected, what they have in common, what was changed just before, in a window of its
/// own that stays open next to the others. It reads the span from the history and can be copied, and exported as a page or as
/// JSON. Deletes itself when it closes. GUI thread.
class ReportPanel : public QDialog
{
    Q_OBJECT

public:
    /// Begins to read. \a history and \a settings outlive it.
    ReportPanel(History &history, const SpanScope &scope, QSettings &settings, QWidget *parent = nullptr);

    /// Null until it is read.
    const SharedSpanReport &report() const { return m_report; }
    void writePage(const QString &path);
    void writeJson(const QString &path);

signals:
    /// A file could not be written.
    void noticed(const QString &text, const QString &hint);
    /// It was written.
    void succeeded(const QString &text, const QString &hint);

private:
    void takeReport(const SharedSpanReport &report);
    void showTrouble(const QString &message);
    void fill();
    void write(const QString &path, const QByteArray &bytes);
    void ask(const QString &title, const QString &suffix, const QString &kind, void (ReportPanel::*then)(const QString &));
    QString fileName() const;

    SpanReader m_reader;
    QSettings &m_settings;
    SharedSpanReport m_report;
    ToneLabel *m_time;
    ToneLabel *m_status;
    QScrollArea *m_scroll;
    QPushButton *m_copy;
    QPushButton *m_json;
    QPushButton *m_page;
};

} // namespace pulsedeck
