// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/sources/tlsrows.h"

#include "ui/common/tonelabel.h"

#include <QFileInfo>
#include <QLineEdit>

using namespace Qt::StringLiterals;

namespace pulsedeck {

TlsRows::TlsRows(FormRows &rows, const SourceSettings &original, QObject *parent)
    : FormPart(rows, original.kind, parent)
    , m_original(original)
{
    m_serverName = addRow(tr("Server name"), m_rows.edit(u"serverName"_s, tr("Server name"), tr("as the host")), false);
    m_fingerprints = addRow(
        tr("Fingerprint"),
        m_rows.edit(u"fingerprints"_s, tr("SHA-256 fingerprint of the server's certificate"), tr("any that is signed")), false);
    m_certFile =
        addRow(tr("Own certificate"), m_rows.edit(u"certFile"_s, tr("File of the client's certificate"), tr("none")), true);
    m_keyFile = addRow(tr("Its key"), m_rows.edit(u"keyFile"_s, tr("File of its key"), tr("in the same file")), true);
    m_passphrase = addRow(tr("Passphrase"), m_rows.maskedEdit(u"keyPassphrase"_s, tr("Passphrase of the key")), false);
    m_passphraseFrom = addRow(
        tr("Passphrase from"),
        m_rows.edit(u"keyPassphraseFrom"_s, tr("Where the passphrase is read from"), tr("as typed; or env:NAME, file:/PATH")),
        false);
    connect(m_passphrase.field, &QLineEdit::textEdited, this, [this] { m_touched = true; });
    for (const Row *row : {&m_serverName, &m_certFile, &m_keyFile, &m_passphrase, &m_passphraseFrom, &m_fingerprints})
        connect(row->field, &QLineEdit::textEdited, this, &TlsRows::edited);
}

TlsRows::Row TlsRows::addRow(const QString &caption, QLineEdit *field, bool isFile)
{
    QWidget *const row = isFile ? m_rows.fileLine(field, caption, [this] { emit edited(); }).first : field;
    m_rows.add(caption, field, row);
    return {field, row, m_rows.addMessage()};
}

void TlsRows::trust(const QString &fingerprint)
{
    TlsOptions options;
    options.fingerprints = m_fingerprints.field->text();
    options.addPin(fingerprint);
    m_fingerprints.field->setText(options.fingerprints);
    emit edited();
}

void TlsRows::fillFields(const SourceSettings &settings)
{
    const TlsOptions &options = settings.tlsOptions;
    m_serverName.field->setText(options.serverName);
    m_certFile.field->setText(options.certFile);
    m_keyFile.field->setText(options.keyFile);
    m_passphraseFrom.field->setText(options.keyPassphraseFrom.text());
    m_fingerprints.field->setText(options.fingerprints);
}

bool TlsRows::keepsPassphrase(const TlsOptions &options) const
{
    const TlsOptions &before = m_original.tlsOptions;
    return !m_touched && !before.keyPassphrase.isEmpty() && before.certFile == options.certFile
           && before.keyFile == options.keyFile;
}

void TlsRows::read(SourceSettings &settings) const
{
    TlsOptions &options = settings.tlsOptions = {};
    if (!has(SourceField::Encryption) || !settings.tls)
        return;
    options.serverName = m_serverName.field->text().trimmed();
    options.certFile = m_certFile.field->text().trimmed();
    options.keyFile = m_keyFile.field->text().trimmed();
    options.fingerprints = m_fingerprints.field->text().trimmed();
    options.keyPassphraseFrom = SecretPlace::parse(m_passphraseFrom.field->text());
    if (options.keyPassphraseFrom.isGiven())
        options.keyPassphrase = m_touched                  ? m_passphrase.field->text()
                                : keepsPassphrase(options) ? m_original.tlsOptions.keyPassphrase
                                                           : QString();
}

void TlsRows::showRows(bool shown)
{
    const bool ofKey = shown && !m_certFile.field->text().trimmed().isEmpty();
    for (const Row *row : {&m_serverName, &m_certFile, &m_fingerprints})
        m_rows.setVisible(row->row, shown);
    for (const Row *row : {&m_keyFile, &m_passphrase, &m_passphraseFrom})
        m_rows.setVisible(row->row, ofKey);
}

void TlsRows::showFields(SourceKind)
{
    if (!has(SourceField::Encryption))
        showRows(false);
}

bool TlsRows::review(const SourceSettings &settings)
{
    const bool shown = has(SourceField::Encryption) && settings.tls;
    showRows(shown);
    const TlsOptions &options = settings.tlsOptions;
    const bool given = options.keyPassphraseFrom.isGiven();
    m_passphrase.field->setEnabled(given);
    m_passphrase.field->setPlaceholderText(!given                     ? tr("read at each connect")
                                           : keepsPassphrase(options) ? tr("unchanged")
                                                                      : tr("none"));
    bool good = true;
    const auto say = [this, &good](const Row &row, const QString &problem) {
        m_rows.say(row.message, row.field, problem);
        good = good && problem.isEmpty();
    };
    const auto fileProblem = [](const QString &file) {
        return !file.isEmpty() && !QFileInfo(file).isReadable() ? tr("This file does not exist or cannot be read.") : QString();
    };
    const bool wrongName =
        options.serverName.contains(u'/') || options.serverName.contains(u':') || options.serverName.contains(u' ');
    say(m_serverName, wrongName ? tr("Enter the name only, as it is in the certificate.") : QString());
    say(m_fingerprints, options.pinProblem());
    say(m_certFile, fileProblem(options.certFile));
    say(m_keyFile, fileProblem(options.keyFile));
    say(m_passphraseFrom,
        shown && !options.certFile.isEmpty() ? SecretPlace::problem(m_passphraseFrom.field->text()) : QString());
    return good;
}

QList<QLineEdit *> TlsRows::plainFields() const
{
    return {m_serverName.field, m_passphraseFrom.field};
}

} // namespace pulsedeck
