// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/sources/ownrows.h"

#include "ui/common/tonelabel.h"

#include <QLineEdit>

namespace pulsedeck {

OwnRows::OwnRows(FormRows &rows, SourceKind kind, QObject *parent)
    : FormPart(rows, kind, parent)
{
    for (const SourceKind each : SourceKind::all()) {
        for (const OwnSetting &setting : each->ownSettings()) {
            QLineEdit *const field = m_rows.edit(setting.name, setting.caption, setting.placeholder);
            QWidget *row = field;
            if (setting.isFile)
                row = m_rows.fileLine(field, setting.caption, [this] { emit edited(); }).first;
            m_rows.add(setting.caption, field, row);
            m_own.push_back({each, setting.name, field, row, m_rows.addMessage()});
            connect(field, &QLineEdit::textEdited, this, &OwnRows::edited);
        }
    }
}

void OwnRows::fillFields(const SourceSettings &settings)
{
    for (const Row &row : m_own)
        row.field->setText(row.kind == m_kind ? settings.own.value(row.name) : QString());
}

void OwnRows::read(SourceSettings &settings) const
{
    settings.own.clear();
    for (const Row &row : m_own) {
        if (row.kind == m_kind)
            settings.own.insert(row.name, row.field->text().trimmed());
    }
}

void OwnRows::showFields(SourceKind)
{
    for (const Row &row : m_own)
        m_rows.setVisible(row.row, row.kind == m_kind);
}

bool OwnRows::review(const SourceSettings &settings)
{
    bool good = true;
    for (const Row &row : m_own) {
        const QString problem = row.kind == m_kind ? m_kind->ownProblem(settings, row.name) : QString();
        m_rows.say(row.message, row.field, problem);
        good = good && problem.isEmpty();
    }
    return good;
}

QList<QLineEdit *> OwnRows::plainFields() const
{
    QList<QLineEdit *> fields;
    for (const Row &row : m_own)
        fields.append(row.field);
    return fields;
}

} // namespace pulsedeck
