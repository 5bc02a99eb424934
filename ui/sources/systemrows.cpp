// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/sources/systemrows.h"

#include "ui/sources/systemlist.h"

namespace pulsedeck {

SystemRows::SystemRows(FormRows &rows, SourceKind kind, QObject *parent)
    : FormPart(rows, kind, parent)
    , m_list(new SystemList(&rows.widget()))
{
    m_rows.addWide(m_list);
    connect(m_list, &SystemList::edited, this, &SystemRows::edited);
}

SystemList *SystemRows::takeList()
{
    m_rows.take(m_list);
    m_taken = true;
    m_list->setDetailed();
    return m_list;
}

void SystemRows::fillFields(const SourceSettings &settings)
{
    m_list->setChoices(settings.systems);
}

void SystemRows::read(SourceSettings &settings) const
{
    settings.systems = has(SourceField::Systems) ? m_list->choices() : SystemChoices();
}

void SystemRows::showFields(SourceKind)
{
    const bool shown = has(SourceField::Systems) && !m_list->isEmpty();
    if (m_taken)
        m_list->setVisible(shown);
    else
        m_rows.setVisible(m_list, shown);
}

bool SystemRows::review(const SourceSettings &)
{
    return m_list->review() || !has(SourceField::Systems);
}

} // namespace pulsedeck
