// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timing/timingfilesteps.h"

#include "models/timing/timingcontroller.h"
#include "ui/common/selfdeleting.h"
#include "ui/timing/askforfile.h"
#include "ui/timing/filedialog.h"
#include "ui/timing/timingdraft.h"
#include "ui/timing/timingnotes.h"
#include "ui/timing/timingwords.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QInputDialog>
#include <QMessageBox>

using namespace Qt::StringLiterals;

namespace pulsedeck {

TimingFileSteps::TimingFileSteps(TimingFiles *files, const TimingSubject &subject, TimingController &controller,
                                 TimingNotes &notes, QWidget &page)
    : QObject(&page)
    , m_files(files)
    , m_subject(subject)
    , m_controller(controller)
    , m_notes(notes)
    , m_page(page)
{
    if (m_files)
        connect(m_files, &TimingFiles::answered, this, &TimingFileSteps::takeFile);
}

void TimingFileSteps::exportTo(const QString &kind)
{
    if (!m_files || !m_subject.draft)
        return;
    m_notes.endTrouble();
    const bool wrangler = kind == u"wrangler.toml"_s;
    QFileDialog *dialog = askForFile(
        &m_page, wrangler ? tr("Choose the wrangler file to change") : tr("Choose the .env file to change"),
        wrangler ? tr("Wrangler (*.toml *.jsonc *.json);;All files (*)") : tr("Environment (*.env .env*);;All files (*)"),
        [this](const QString &path) {
            m_notes.endTrouble();
            if (m_subject.draft)
                m_proposeToken = m_files->propose(path, m_subject.draft->profile());
        });
    dialog->setObjectName(u"exportTimingDialog"_s);
}

void TimingFileSteps::readFrom()
{
    if (!m_files || !m_subject.draft)
        return;
    m_notes.endTrouble();
    askForFile(&m_page, tr("Read timing values"), {}, [this](const QString &path) {
        m_notes.endTrouble();
        m_readToken = m_files->read(path);
    })->setObjectName(u"readTimingDialog"_s);
}

QString TimingFileSteps::whyNotExport(const TimingFileAnswer &proposal) const
{
    if (m_subject.draft->unreadable() > 0)
        return tr("A value of the draft cannot be read: nothing is written.");
    TimingFacts facts = m_subject.draft->facts();
    facts.destination = TimingDestination::Files;
    const TimingCheck check =
        checkTiming(m_subject.draft->profile(), m_subject.draft->rules(), m_subject.draft->library().parameters, facts);
    for (const TimingFieldProblem &problem : check.fields) {
        const std::vector<TimingFileText::Value> values = proposal.file.inForce(proposal.environment);
        const bool held =
            std::any_of(values.begin(), values.end(), [&](const TimingFileText::Value &value) { return value.id == problem.id; });
        if (held)
            return tr("%1: %2. Nothing is written.").arg(m_subject.draft->library().parameter(problem.id).label, problem.text);
    }
    for (const TimingFinding &finding : check.findings) {
        if (finding.applies && !finding.holds && finding.severity == TimingSeverity::Must)
            return tr("%1 Nothing is written.").arg(findingSentence(finding, m_subject.draft->library()));
    }
    return {};
}

void TimingFileSteps::takeFile(const TimingFileAnswer &answer)
{
    if (!m_subject.draft || answer.token == 0 || (answer.token != m_proposeToken && answer.token != m_readToken))
        return;
    const bool proposed = answer.token == m_proposeToken;
    (proposed ? m_proposeToken : m_readToken) = 0;
    if (!answer.ok) {
        m_notes.setNote(TimingNotes::News, Glyph::Error, answer.error, tr("Close"));
        return;
    }
    m_notes.endTrouble();
    if (!proposed) {
        chooseProfile(answer);
        return;
    }
    auto *dialog = selfDeleting(new FileDialog(
        *m_files, answer, m_subject.draft->profile(), [this](const TimingFileAnswer &one) { return whyNotExport(one); },
        &m_page));
    connect(dialog, &FileDialog::written, this, [this](const QString &path, const QString &backup) {
        m_notes.setNote(
            TimingNotes::News, Glyph::Ok,
            tr("%1 was written; the old file is kept as %2.").arg(QFileInfo(path).fileName(), QFileInfo(backup).fileName()),
            tr("Close"));
    });
    dialog->open();
}

/// Of several profiles in a file the operator chooses the one that becomes the draft.
void TimingFileSteps::chooseProfile(const TimingFileAnswer &answer)
{
    const QStringList profiles = answer.file.profiles();
    if (profiles.size() == 1) {
        readProfile(answer, profiles.constFirst());
        return;
    }
    QStringList names;
    for (const QString &name : profiles)
        names.append(name.isEmpty() ? tr("Top level") : tr("Environment %1").arg(name));
    auto *dialog = selfDeleting(new QInputDialog(&m_page));
    dialog->setObjectName(u"profileChoice"_s);
    dialog->setWindowTitle(tr("Read %1").arg(QFileInfo(answer.path).fileName()));
    dialog->setLabelText(tr("This file has several profiles. Which one do you want to read?"));
    dialog->setComboBoxItems(names);
    dialog->setOkButtonText(tr("Read"));
    connect(dialog, &QInputDialog::textValueSelected, this,
            [this, answer, names, profiles, source = m_subject.source](const QString &chosen) {
                if (const qsizetype at = names.indexOf(chosen); at >= 0 && m_subject.draft && source == m_subject.source)
                    readProfile(answer, profiles.at(at));
            });
    dialog->open();
}

void TimingFileSteps::readProfile(const TimingFileAnswer &answer, const QString &environment)
{
    const QString file = QFileInfo(answer.path).fileName();
    const QString name = environment.isEmpty() ? file : tr("%1, environment %2").arg(file, environment);
    std::vector<TimingChange> changes;
    for (const TimingFileText::Value &value : answer.file.inForce(environment))
        changes.push_back({value.id, value.ms});
    if (!changes.empty())
        m_subject.draft->change(changes, tr("Values of %1").arg(name));
    QString text = changes.empty() ? tr("%1 sets no timing value.").arg(name)
                                   : tr("%Ln value(s) (was/were) read from %1.", nullptr, int(changes.size())).arg(name);
    bool all = true;
    for (const TimingFileText::Problem &problem : answer.file.problems) {
        if (problem.environment != environment)
            continue;
        text += u' ' + timingProblemText(problem);
        all = false;
    }
    m_notes.setNote(TimingNotes::News, all && !changes.empty() ? Glyph::Info : Glyph::Warning, text, tr("Close"));
}

void TimingFileSteps::showConstants()
{
    if (!m_subject.draft)
        return;
    QStringList lines;
    for (const TimingParameter &parameter : m_subject.draft->library().parameters) {
        if (parameter.variables.empty())
            lines.append(constantText(parameter, m_subject.draft->field(parameter.id).ms));
    }
    auto *box = new QMessageBox(
        QMessageBox::NoIcon, tr("Constants in code"),
        tr("These are not set by a file. Where the record in Redis is not read, change the code:\n\n%1").arg(lines.join(u'\n')),
        QMessageBox::Close, &m_page);
    box->setObjectName(u"constantsBox"_s);
    box->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
}

void TimingFileSteps::chooseRules()
{
    m_notes.endTrouble();
    askForFile(&m_page, tr("Load rules and presets"), tr("JSON (*.json);;All files (*)"), [this](const QString &path) {
        readRules(path);
    })->setObjectName(u"rulesDialog"_s);
}

void TimingFileSteps::readRules(const QString &path)
{
    QStringList before;
    for (const TimingRuleSet &set : m_controller.library().ruleSets)
        before.append(set.id);
    QString error;
    if (!m_controller.extendLibrary(path, &error)) {
        m_notes.setNote(TimingNotes::News, Glyph::Error, tr("%1. The rules stay as they are.").arg(error), tr("Close"));
        return;
    }
    QString chosen;
    for (const TimingRuleSet &set : m_controller.library().ruleSets) {
        if (!before.contains(set.id) && chosen.isEmpty()) {
            emit rulesChosen(set.id);
            chosen = set.name;
        }
    }
    QString text = tr("%1 was loaded, until the program ends.").arg(QFileInfo(path).fileName());
    if (!chosen.isEmpty())
        text += u' ' + tr("“%1” is checked now.").arg(chosen);
    m_notes.setNote(TimingNotes::News, Glyph::Ok, text, tr("Close"));
}

} // namespace pulsedeck
