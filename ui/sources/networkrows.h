// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/sources/sourcesettings.h"

#include <QObject>

class QCheckBox;
class QLineEdit;
class QPushButton;
class QWidget;

namespace pulsedeck {

class FormRows;
class ToneLabel;

/// Host, port and encryption of a source, whichever its kind.
class NetworkRows : public QObject
{
    Q_OBJECT

public:
    explicit NetworkRows(FormRows &rows, QObject *parent = nullptr);

    void addHost();
    void addEncryption();
    QList<QWidget *> tabOrder() const;
    QList<QLineEdit *> plainFields() const;

    void fill(const SourceSettings &settings);
    void read(SourceSettings &settings) const;
    /// Where it \a changes, the usual port of the other kind gives way to this one's; any other port stays.
    void setKind(SourceKind kind, bool changes);
    void setShown(bool shown);
    /// Says what is wrong at each field; true if nothing is.
    bool review();
    QString portText() const;

signals:
    void edited();

private:
    QString hostProblem() const;

    FormRows &m_rows;
    QLineEdit *m_host = nullptr;
    QLineEdit *m_port = nullptr;
    QCheckBox *m_tls = nullptr;
    QLineEdit *m_caFile = nullptr;
    QPushButton *m_browse = nullptr;
    QWidget *m_hostRow = nullptr;
    QWidget *m_tlsRow = nullptr;
    ToneLabel *m_hostMessage = nullptr;
    ToneLabel *m_caMessage = nullptr;
    bool m_shown = true;
};

} // namespace pulsedeck
