// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/sources/ownrows.h"

#include "ui/common/tonelabel.h"

#include <QLineEdit>
#include <QRegularExpression>
#include <QUrl>

using namespace Qt::StringLiterals;

namespace pulsedeck {

OwnRows::OwnRows(FormRows &rows, const SourceSettings &original, QObject *parent)
    : FormPart(rows, original.kind, parent)
    , m_original(original)
{
    for (const SourceKind each : SourceKind::all()) {
        for (const OwnSetting &setting : each->ownSettings()) {
            const bool secret = !setting.secretParameter.isEmpty();
            QLineEdit *const field = secret ? m_rows.maskedEdit(setting.name, setting.caption)
                                            : m_rows.edit(setting.name, setting.caption, setting.placeholder);
            QWidget *row = field;
            if (setting.isFile)
                row = m_rows.fileLine(field, setting.caption, [this] { emit edited(); }).first;
            m_rows.add(setting.caption, field, row);
            m_own.push_back({each, setting.name, field, row, m_rows.addMessage(), setting.secretParameter});
            connect(field, &QLineEdit::textEdited, this, [this, place = m_own.size() - 1] {
                m_own[place].touched = true;
                emit edited();
            });
        }
    }
}

void OwnRows::fillFields(const SourceSettings &settings)
{
    for (const Row &row : m_own) {
        if (row.secretParameter.isEmpty())
            row.field->setText(row.kind == m_kind ? settings.own.value(row.name) : QString());
    }
}

/// One server's secret must not be sent to another.
bool OwnRows::keepsSecret(const Row &row, const SourceSettings &settings) const
{
    return !m_original.own.value(row.name).isEmpty() && m_original.kind == settings.kind && m_original.host == settings.host
           && m_original.port == settings.port && m_original.ssh == settings.ssh;
}

void OwnRows::read(SourceSettings &settings) const
{
    settings.own.clear();
    for (const Row &row : m_own) {
        if (row.kind != m_kind)
            continue;
        const bool kept = !row.secretParameter.isEmpty() && !row.touched && keepsSecret(row, settings);
        const QString value = kept                            ? m_original.own.value(row.name)
                              : row.secretParameter.isEmpty() ? row.field->text().trimmed()
                                                              : row.field->text();
        if (!value.isEmpty())
            settings.own.insert(row.name, value);
    }
}

void OwnRows::showFields(SourceKind)
{
    for (const Row &row : m_own)
        m_rows.setVisible(row.row, row.kind == m_kind && m_shown);
}

bool OwnRows::review(const SourceSettings &settings)
{
    bool good = true;
    m_shown = m_kind->showsOwn(settings);
    for (const Row &row : m_own) {
        m_rows.setVisible(row.row, row.kind == m_kind && m_shown);
        if (!row.secretParameter.isEmpty())
            row.field->setPlaceholderText(keepsSecret(row, settings) ? tr("unchanged") : tr("none"));
        const QString problem = row.kind == m_kind ? m_kind->ownProblem(settings, row.name) : QString();
        m_rows.say(row.message, row.field, problem);
        good = good && problem.isEmpty();
    }
    return good;
}

QList<QLineEdit *> OwnRows::plainFields() const
{
    QList<QLineEdit *> fields;
    for (const Row &row : m_own) {
        if (row.secretParameter.isEmpty())
            fields.append(row.field);
    }
    return fields;
}

void OwnRows::setSecrets(const SourceSettings &settings)
{
    for (Row &row : m_own) {
        if (row.kind != settings.kind || row.secretParameter.isEmpty())
            continue;
        row.field->setText(settings.own.value(row.name));
        row.touched = true;
    }
}

QString OwnRows::takeSecrets(const QString &address)
{
    QString left = address;
    for (Row &row : m_own) {
        if (row.secretParameter.isEmpty())
            continue;
        const QRegularExpression parameter(u"([?&])"_s + row.secretParameter + u"=([^&#]*)(&?)"_s);
        const QRegularExpressionMatch match = parameter.match(left);
        if (!match.hasMatch())
            continue;
        // The mark before it stays for what follows.
        left.replace(match.capturedStart(), match.capturedLength(), match.captured(3).isEmpty() ? QString() : match.captured(1));
        row.field->setText(QUrl::fromPercentEncoding(match.captured(2).toUtf8()));
        row.touched = true;
    }
    return left;
}

} // namespace pulsedeck
