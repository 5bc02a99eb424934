// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/sources/formpart.h"

class QCheckBox;
class QPushButton;

namespace pulsedeck {

class SegmentedRow;
class ToneLabel;

/// Where a source is: host and port or a socket, the path at the host, encryption, and the way there by SSH.
class AddressRows : public FormPart
{
    Q_OBJECT

public:
    AddressRows(FormRows &rows, SourceKind kind, QObject *parent = nullptr);

    void read(SourceSettings &settings) const override;
    bool review(const SourceSettings &settings) override;
    QList<QLineEdit *> plainFields() const override;

protected:
    void fillFields(const SourceSettings &settings) override;
    /// The usual port of the kind before gives way to that of this one; any other port stays.
    void showFields(SourceKind before) override;

private:
    enum class Reach { Host, Socket };

    void addHost();
    void addSocket();
    void addEncryption();
    void addWay();
    bool isSocket() const;
    bool isEncrypted() const;
    QString hostProblem() const;
    QString pathProblem() const;
    bool canGoBySsh() const;

    SegmentedRow *m_reach;
    QLineEdit *m_host = nullptr;
    QLineEdit *m_port = nullptr;
    QLineEdit *m_socket = nullptr;
    QLineEdit *m_path = nullptr;
    QCheckBox *m_tls = nullptr;
    QLineEdit *m_caFile = nullptr;
    QPushButton *m_browse = nullptr;
    QLineEdit *m_ssh = nullptr;
    QLineEdit *m_jump = nullptr;
    QWidget *m_hostRow = nullptr;
    QWidget *m_socketRow = nullptr;
    QWidget *m_tlsRow = nullptr;
    ToneLabel *m_hostMessage = nullptr;
    ToneLabel *m_socketMessage = nullptr;
    ToneLabel *m_pathMessage = nullptr;
    ToneLabel *m_caMessage = nullptr;
    ToneLabel *m_sshMessage = nullptr;
    ToneLabel *m_jumpMessage = nullptr;
};

} // namespace pulsedeck
