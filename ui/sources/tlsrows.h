// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/sources/formpart.h"

namespace pulsedeck {

class ToneLabel;

/// How TLS is set up: the server's name and fingerprint, the client's certificate and key. Shown while TLS is on.
class TlsRows : public FormPart
{
    Q_OBJECT

public:
    /// \a original is what is edited: the passphrase of its key is kept while the field stays empty, for the same key only.
    TlsRows(FormRows &rows, const SourceSettings &original, QObject *parent = nullptr);

    /// Trusts the certificate with this fingerprint from now on, too.
    void trust(const QString &fingerprint);

    void read(SourceSettings &settings) const override;
    bool review(const SourceSettings &settings) override;
    QList<QLineEdit *> plainFields() const override;

protected:
    void fillFields(const SourceSettings &settings) override;
    void showFields(SourceKind before) override;

private:
    struct Row
    {
        QLineEdit *field = nullptr;
        QWidget *row = nullptr; ///< The field, or a line that it is in.
        ToneLabel *message = nullptr;
    };
    Row addRow(const QString &caption, QLineEdit *field, bool isFile);
    bool keepsPassphrase(const TlsOptions &options) const;
    void showRows(bool shown);

    const SourceSettings m_original;
    Row m_serverName;
    Row m_certFile;
    Row m_keyFile;
    Row m_passphrase;
    Row m_passphraseFrom;
    Row m_fingerprints;
    bool m_touched = false; ///< The passphrase was typed.
};

} // namespace pulsedeck
